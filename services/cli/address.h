#pragma once

#include <string>

namespace fairway::cli {

// What is wrong with the address of a service, as CLI11's validators say it: "" when nothing is.
std::string CheckAddress(const std::string& address);

}  // namespace fairway::cli
