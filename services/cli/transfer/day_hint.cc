#include "services/cli/transfer/day_hint.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "libs/domain/day.h"

namespace fairway::cli {
namespace {

// One to four digits; 0 for anything else, which is part of no day.
int NumberOf(absl::string_view text) {
  int number = 0;
  const bool is_digits =
      text.size() <= 4 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  return is_digits && absl::SimpleAtoi(text, &number) ? number : 0;
}

// "" unless such a day may have prices.
std::string IsoDay(absl::string_view year, absl::string_view month, absl::string_view day) {
  const std::chrono::year_month_day date(std::chrono::year(NumberOf(year)),
                                         std::chrono::month(static_cast<unsigned>(NumberOf(month))),
                                         std::chrono::day(static_cast<unsigned>(NumberOf(day))));
  return date.ok() && IsDayInRange(date) ? FormatDay(date) : "";
}

}  // namespace

std::string IsoDayOf(absl::string_view text) {
  if (text.size() == 8 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit)) {
    return IsoDay(text.substr(0, 4), text.substr(4, 2), text.substr(6));
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::ByAnyChar("./-"));
  if (parts.size() != 3) return "";
  if (parts[0].size() == 4) return IsoDay(parts[0], parts[1], parts[2]);
  if (parts[2].size() != 4) return "";  // The century is not known.
  std::string day_first = IsoDay(parts[2], parts[1], parts[0]);
  // With dots, the day comes first wherever they are used.
  if (text[parts[0].size()] == '.') return day_first;
  std::string month_first = IsoDay(parts[2], parts[0], parts[1]);
  if (day_first.empty() || day_first == month_first) return month_first;
  return month_first.empty() ? day_first : "";
}

}  // namespace fairway::cli
