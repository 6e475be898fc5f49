#include "libs/price_files/plain_row.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"

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

// Moves the field in front of `row` and the separator behind it into `text`.
bool TakeText(absl::string_view& row, char separator, std::string& text) {
  size_t size = 0;
  while (size < row.size() && kIsPlain[static_cast<unsigned char>(row[size])]) ++size;
  if (size == 0 || size == row.size() || row[size] != separator) return false;
  text.assign(row.data(), size);
  row.remove_prefix(size + 1);
  return true;
}

}  // namespace

bool ReadPlainRow(absl::string_view row, char separator, PriceText& price) {
  if (!TakeText(row, separator, price.origin)) return false;
  if (!TakeText(row, separator, price.destination)) return false;
  if (!TakeText(row, separator, price.day)) return false;
  if (row.empty() || row.size() > kPriceDigitsMax) return false;
  int64_t dollars = 0;
  for (const char c : row) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
    dollars = dollars * 10 + (c - '0');
  }
  price.price = dollars;
  return true;
}

}  // namespace fairway::price_files
