#include "services/cli/number_check.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fairway::cli {

std::string CheckPositive(const std::string& text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number) && number >= 1) return "";
  return absl::StrCat("\"", text, "\" is no whole number from 1");
}

}  // namespace fairway::cli
