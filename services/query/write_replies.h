#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/storage/rate_reader.h"
#include "services/query/batch_get_daily_rates.h"
#include "services/query/describe_location.h"
#include "services/query/export_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/watch_commits.h"

// From the results of the operations to the messages of the contract.
namespace fairway::query {

void ToProto(const LaneAnswer& answer, v1::GetDailyRatesResponse& out);
// The status of a lane that failed is written like that of a call.
void ToProto(const v1::Lane& lane, const absl::StatusOr<LaneAnswer>& answer,
             absl::string_view request_id, v1::LaneRates& out);
void ToProto(const RateExport::Part& part, const VersionId& version,
             v1::ExportDailyRatesResponse& out);
void ToProto(const CommitWatch::Notice& notice, v1::WatchCommitsResponse& out);
void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out);
void ToProto(const LocationView& location, v1::Location& out);

}  // namespace fairway::query
