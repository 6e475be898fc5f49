#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway {

// A civil day. Days have no time zone here: a price is for the day its partner names.
using Day = std::chrono::sys_days;

inline constexpr Day kDayMin = std::chrono::year(1990) / 1 / 1;
inline constexpr Day kDayMax = std::chrono::year(2100) / 12 / 31;

// Days since 1970-01-01, the form days have in packed series and on the wire of column chunks.
constexpr int32_t DayNumber(Day day) {
  return static_cast<int32_t>(day.time_since_epoch().count());
}
constexpr Day DayFromNumber(int32_t number) { return Day(std::chrono::days(number)); }

constexpr bool IsDayInRange(Day day) { return kDayMin <= day && day <= kDayMax; }

// Reads exactly YYYY-MM-DD, a day that exists, whatever its year; false otherwise. The hot path of
// row uploads.
bool ReadIsoDay(absl::string_view text, Day& day);

// Like ReadIsoDay, and within kDayMin..kDayMax; INVALID_DATE naming `field` otherwise.
absl::StatusOr<Day> ParseDay(absl::string_view field, absl::string_view text);

// "2021-01-31". For years 0 to 9999.
std::string FormatDay(Day day);

// The same of kDayMin..kDayMax from a table, for many days: costs no more than to copy them.
class DayTexts {
 public:
  static constexpr size_t kBytes = 10;  // Of each.

  DayTexts();

  absl::string_view operator[](Day day) const {
    return {first_ + kBytes * static_cast<size_t>(DayNumber(day) - DayNumber(kDayMin)), kBytes};
  }

 private:
  const char* const first_;  // Of kDayMin; those of the other days follow.
};

// A closed range of days; first <= last.
struct DayRange {
  Day first;
  Day last;

  int32_t size() const { return DayNumber(last) - DayNumber(first) + 1; }
  bool Contains(Day day) const { return first <= day && day <= last; }
  friend bool operator==(const DayRange&, const DayRange&) = default;
};

// INVALID_DATE of one or both, INVALID_RANGE (last before first) or RANGE_TOO_LARGE (more than
// kQueryDaysMax).
absl::StatusOr<DayRange> ParseDayRange(absl::string_view first_date, absl::string_view last_date);

}  // namespace fairway
