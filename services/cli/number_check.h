#pragma once

#include <string>

namespace fairway::cli {

// What is wrong with a number that must be whole and at least 1, as CLI11's validators say it: ""
// when nothing is.
std::string CheckPositive(const std::string& text);

}  // namespace fairway::cli
