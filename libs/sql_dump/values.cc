#include "libs/sql_dump/values.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/sql_dump/catalog.h"

namespace fairway::sql_dump {
namespace {

absl::Status NoDay(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("the day \"", text, "\" is none"));
}
absl::Status NoDollars(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("the price \"", text, "\" is no whole number of dollars"));
}

// Takes 1 to `most` digits.
bool TakeNumber(absl::string_view& text, size_t least, size_t most, int& number) {
  size_t length = 0;
  while (length < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[length]))) {
    ++length;
  }
  if (length < least || length > most || !absl::SimpleAtoi(text.substr(0, length), &number)) {
    return false;
  }
  text.remove_prefix(length);
  return true;
}

// "2021-01-31", "2021-1-5" or "20210131": ISO 8601 as PostgreSQL reads it whatever its DateStyle.
bool TakeDate(absl::string_view& text, Day& day) {
  int year = 0;
  int month = 0;
  int day_of_month = 0;
  absl::string_view rest = text;
  if (TakeNumber(rest, 8, 8, year)) {
    month = year / 100 % 100;
    day_of_month = year % 100;
    year /= 10'000;
  } else if (!TakeNumber(rest, 4, 4, year) || !absl::ConsumePrefix(&rest, "-") ||
             !TakeNumber(rest, 1, 2, month) || !absl::ConsumePrefix(&rest, "-") ||
             !TakeNumber(rest, 1, 2, day_of_month)) {
    return false;
  }
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month)));
  if (!date.ok()) return false;
  day = date;
  text = rest;
  return true;
}

// "13:45:00.25+01" behind a date.
bool IsTime(absl::string_view text, bool& is_midnight) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!TakeNumber(text, 1, 2, hour) || !absl::ConsumePrefix(&text, ":") ||
      !TakeNumber(text, 2, 2, minute)) {
    return false;
  }
  if (absl::ConsumePrefix(&text, ":") && !TakeNumber(text, 2, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  is_midnight = hour == 0 && minute == 0 && second == 0;
  if (absl::ConsumePrefix(&text, ".")) {
    while (!text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text[0]))) {
      if (text[0] != '0') is_midnight = false;
      text.remove_prefix(1);
    }
  }
  if (text.empty() || text == "Z") return true;
  if (!absl::ConsumePrefix(&text, "+") && !absl::ConsumePrefix(&text, "-")) return false;
  return TakeNumber(text, 2, 2, hour) &&
         (text.empty() ||
          (absl::ConsumePrefix(&text, ":") && TakeNumber(text, 2, 2, minute) && text.empty()));
}

absl::string_view Unqualified(absl::string_view type) {
  absl::ConsumePrefix(&type, "pg_catalog.");
  return type;
}

bool IsIntegerType(absl::string_view type) {
  for (const char* integer : {"", "integer", "int", "int4", "bigint", "int8", "smallint", "int2"}) {
    if (type == integer) return true;
  }
  return false;
}

// digits[.digits][e[sign]digits] that is whole: its digits without what is behind the point.
bool ReadWhole(absl::string_view text, int64_t& value) {
  int exponent = 0;
  const size_t e = text.find_first_of("eE");
  if (e != absl::string_view::npos) {
    constexpr int kExponentMax = 18;
    if (!absl::SimpleAtoi(text.substr(e + 1), &exponent) || exponent > kExponentMax ||
        exponent < -kExponentMax) {
      return false;
    }
    text = text.substr(0, e);
  }
  const size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  std::string fraction(point == absl::string_view::npos ? "" : text.substr(point + 1));
  for (; exponent > 0; --exponent) {
    digits.push_back(fraction.empty() ? '0' : fraction[0]);
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; exponent < 0; ++exponent) {
    fraction.insert(fraction.begin(), digits.empty() ? '0' : digits.back());
    if (!digits.empty()) digits.pop_back();
  }
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  if (digits.empty() && fraction.empty()) return false;
  return std::all_of(digits.begin(), digits.end(), is_digit) &&
         std::all_of(fraction.begin(), fraction.end(), [](char c) { return c == '0'; }) &&
         (digits.empty() || absl::SimpleAtoi(digits, &value));
}

}  // namespace

absl::StatusOr<Day> ReadDay(const Field& field, absl::string_view type) {
  type = Unqualified(type);
  if (absl::StartsWith(type, "timestamptz") || absl::EndsWith(type, " with time zone")) {
    return absl::InvalidArgumentError(
        absl::StrCat("the day \"", field.text,
                     "\" depends on the time zone; make the dump from a column of type date"));
  }
  Day day;
  if (field.is_null || field.is_number) return NoDay(field.is_null ? "NULL" : field.text);
  if (ReadIsoDay(field.text, day)) return day;
  const bool is_time = absl::StartsWith(type, "timestamp");
  if (!is_time && !type.empty() && type != "date") return NoDay(field.text);
  absl::string_view rest = absl::StripAsciiWhitespace(field.text);
  if (!TakeDate(rest, day)) return NoDay(field.text);
  if (rest.empty()) return day;
  bool is_midnight = false;
  const bool has_time = absl::ConsumePrefix(&rest, " ") || absl::ConsumePrefix(&rest, "T");
  if (!has_time || !IsTime(rest, is_midnight)) return NoDay(field.text);
  if (is_time && !is_midnight) {
    return absl::InvalidArgumentError(
        absl::StrCat("the day \"", field.text, "\" has a time of day, which would be lost"));
  }
  return day;
}

absl::StatusOr<int64_t> ReadDollars(const Field& field, absl::string_view type) {
  if (field.is_null) return NoDollars("NULL");
  if (!type.empty() && type.back() == kRoundingMark) {
    return absl::InvalidArgumentError("the column's type rounds prices to tens or more");
  }
  absl::string_view text = absl::StripAsciiWhitespace(field.text);
  int64_t dollars = 0;
  if (absl::SimpleAtoi(text, &dollars)) return dollars;
  // '1250.00' is no integer to PostgreSQL, though the number 1250.00 becomes one.
  if (IsIntegerType(Unqualified(type)) && !field.is_number) return NoDollars(field.text);
  const bool is_negative = absl::ConsumePrefix(&text, "-");
  if (!is_negative) absl::ConsumePrefix(&text, "+");
  if (!ReadWhole(text, dollars)) return NoDollars(field.text);
  return is_negative ? -dollars : dollars;
}

absl::StatusOr<absl::string_view> ReadText(const Field& field, absl::string_view type) {
  type = Unqualified(type);
  if (field.is_null) return absl::InvalidArgumentError("NULL where a text is needed");
  if (field.is_number) {
    return absl::InvalidArgumentError(
        absl::StrCat("the number ", field.text, " where a text is needed"));
  }
  if (type == "character" || type == "char" || type == "bpchar") {
    return absl::StripTrailingAsciiWhitespace(field.text);
  }
  return absl::string_view(field.text);
}

}  // namespace fairway::sql_dump
