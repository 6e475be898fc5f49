#pragma once

#include <string>

#include "fairway/v1/rate_query_service.pb.h"

namespace fairway::cli {

// One line per day: average, number of prices, and a bar from the lowest average to the highest.
std::string FormatRatesTable(const v1::GetDailyRatesResponse& response);

std::string FormatRatesCsv(const v1::GetDailyRatesResponse& response);

}  // namespace fairway::cli
