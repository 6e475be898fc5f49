#include "libs/price_files/dollars.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace fairway::price_files {
namespace {

constexpr size_t kDigitsMax = 18;  // Any 18 digits fit into 64 bits.
constexpr size_t kGroupDigits = 3;

size_t CountDigits(absl::string_view text) {
  size_t count = 0;
  while (count < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[count]))) {
    ++count;
  }
  return count;
}

bool IsZeroCents(absl::string_view text) {
  return text.empty() || text == ".0" || text == ".00" || text == ",0" || text == ",00";
}

// "1,250.00" -> "1250.00"; "" when a group does not have three digits.
std::string WithoutGroups(absl::string_view text) {
  const size_t first = CountDigits(text);
  if (first < 1 || first > kGroupDigits || text[0] == '0') return "";
  std::string joined(text.substr(0, first));
  text.remove_prefix(first);
  while (absl::StartsWith(text, ",") && CountDigits(text.substr(1)) == kGroupDigits) {
    joined.append(text.data() + 1, kGroupDigits);
    text.remove_prefix(1 + kGroupDigits);
  }
  return absl::StartsWith(text, ",") ? "" : joined + std::string(text);
}

}  // namespace

DollarsText ReadDollars(const CsvValue& value, char separator, int64_t& dollars) {
  absl::string_view text = value.text;  // Quoted fields are not trimmed.
  while (absl::ConsumePrefix(&text, " ") || absl::ConsumeSuffix(&text, " ")) {
  }
  if (text.empty()) return DollarsText::kMissing;
  const bool is_negative = absl::ConsumePrefix(&text, "-");
  std::string joined;
  if (value.quoted && separator == ',' && absl::StrContains(text, ',') &&
      !IsZeroCents(text.substr(CountDigits(text)))) {
    joined = WithoutGroups(text);
    text = joined;
  }
  const size_t digits = CountDigits(text);
  if (digits == 0 || !IsZeroCents(text.substr(digits))) return DollarsText::kNotANumber;
  text = text.substr(0, digits);
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  if (text.size() > kDigitsMax) return DollarsText::kTooLarge;
  dollars = 0;
  for (const char digit : text) dollars = dollars * 10 + (digit - '0');
  if (is_negative) dollars = -dollars;
  return DollarsText::kWhole;
}

bool MayBeOnePrice(const CsvValue& price, const CsvValue& next) {
  if (price.quoted || next.quoted) return false;
  absl::string_view first = price.text;
  absl::ConsumePrefix(&first, "-");
  const size_t digits = CountDigits(first);
  if (digits == 0 || digits > kGroupDigits || digits < first.size() || first[0] == '0')
    return false;
  return CountDigits(next.text) ==
         kGroupDigits;  // Whatever is behind: "250.00", "250 USD", "250k".
}

}  // namespace fairway::price_files
