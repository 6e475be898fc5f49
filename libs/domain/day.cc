#include "libs/domain/day.h"

#include "absl/strings/ascii.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

// Reads `length` digits at `offset`; negative unless all of them are digits.
int ReadDigits(absl::string_view text, size_t offset, size_t length) {
  int value = 0;
  for (char c : text.substr(offset, length)) {
    if (!absl::ascii_isdigit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

void WriteDigits(unsigned number, char* out, int count) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

void WriteDay(Day day, char* out) {
  const std::chrono::year_month_day date(day);
  WriteDigits(static_cast<unsigned>(static_cast<int>(date.year())), &out[0], 4);
  out[4] = '-';
  WriteDigits(static_cast<unsigned>(date.month()), &out[5], 2);
  out[7] = '-';
  WriteDigits(static_cast<unsigned>(date.day()), &out[8], 2);
}

// The texts of kDayMin..kDayMax, one behind the other: 400 KB.
std::string WriteAllDays() {
  std::string texts(DayTexts::kBytes * static_cast<size_t>(DayRange{kDayMin, kDayMax}.size()), ' ');
  char* out = texts.data();
  for (Day day = kDayMin; day <= kDayMax; day += std::chrono::days(1), out += DayTexts::kBytes) {
    WriteDay(day, out);
  }
  return texts;
}

}  // namespace

bool ReadIsoDay(absl::string_view text, Day& day) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = ReadDigits(text, 0, 4);
  const int month = ReadDigits(text, 5, 2);
  const int day_of_month = ReadDigits(text, 8, 2);
  if (year < 0 || month < 0 || day_of_month < 0) return false;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month)));
  if (!date.ok()) return false;
  day = date;
  return true;
}

absl::StatusOr<Day> ParseDay(absl::string_view field, absl::string_view text) {
  Day day;
  if (!ReadIsoDay(text, day)) {
    return InvalidDateError(field, text, "expected a day that exists, as YYYY-MM-DD");
  }
  if (!IsDayInRange(day)) {
    return InvalidDateError(field, text, "days run from 1990-01-01 to 2100-12-31");
  }
  return day;
}

std::string FormatDay(Day day) {
  std::string text(DayTexts::kBytes, ' ');
  WriteDay(day, text.data());
  return text;
}

DayTexts::DayTexts()
    : first_([] {
        static const std::string& texts = *new std::string(WriteAllDays());
        return texts.data();
      }()) {}

absl::StatusOr<DayRange> ParseDayRange(absl::string_view first_date, absl::string_view last_date) {
  DayRange range;
  FieldErrors errors;
  errors.SetOrAdd(ParseDay("first_date", first_date), range.first);
  errors.SetOrAdd(ParseDay("last_date", last_date), range.last);
  RETURN_IF_ERROR(errors.status());
  if (range.last < range.first) return InvalidRangeError(first_date, last_date);
  if (range.size() > limits::kQueryDaysMax) return RangeTooLargeError(range.size());
  return range;
}

}  // namespace fairway
