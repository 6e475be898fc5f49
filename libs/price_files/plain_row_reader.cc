#include "libs/price_files/plain_row_reader.h"

#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "libs/domain/price.h"

namespace fairway::price_files {
namespace {

constexpr size_t kPriceDigitsMax = 9;

constexpr std::array<bool, 256> PlainCharacters() {
  std::array<bool, 256> plain = {};
  for (const char c : {'-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  for (unsigned char c = 'a'; c <= 'z'; ++c) plain[c] = plain[c - 'a' + 'A'] = true;
  return plain;
}

constexpr std::array<bool, 256> kIsPlain = PlainCharacters();

// The size of the field in front of `row` if it ends with the separator; 0 if it is not plain.
size_t PlainFieldSize(absl::string_view row, char separator) {
  size_t size = 0;
  while (size < row.size() && kIsPlain[static_cast<unsigned char>(row[size])]) ++size;
  return size < row.size() && row[size] == separator ? size : 0;
}

bool ReadPlainDollars(absl::string_view text, int64_t& dollars) {
  if (text.empty() || text.size() > kPriceDigitsMax) return false;
  int64_t value = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
    value = value * 10 + (c - '0');
  }
  dollars = value;
  return IsPriceInRange(value);
}

}  // namespace

bool PlainRowReader::Read(absl::string_view row, PriceText& price) {
  const bool has_same_fields = !fields_.empty() && absl::StartsWith(row, fields_);
  if (!has_same_fields && !ReadFields(row)) return false;
  const size_t day = origin_size_ + 1 + destination_size_ + 1;
  price.origin = row.substr(0, origin_size_);
  price.destination = row.substr(origin_size_ + 1, destination_size_);
  price.day = row.substr(day, fields_.size() - 1 - day);
  return ReadPlainDollars(row.substr(fields_.size()), price.price);
}

bool PlainRowReader::ReadFields(absl::string_view row) {
  const size_t origin_size = PlainFieldSize(row, separator_);
  if (origin_size == 0) return false;
  const size_t destination = origin_size + 1;
  const size_t destination_size = PlainFieldSize(row.substr(destination), separator_);
  if (destination_size == 0) return false;
  const size_t day = destination + destination_size + 1;
  const size_t day_size = PlainFieldSize(row.substr(day), separator_);
  if (day_size == 0) return false;
  fields_.assign(row.data(), day + day_size + 1);
  origin_size_ = origin_size;
  destination_size_ = destination_size;
  return true;
}

}  // namespace fairway::price_files
