#include "libs/price_files/csv_price_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/price.h"
#include "libs/price_files/dollars.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/utf8.h"

namespace fairway::price_files {
namespace {

constexpr const char* kColumns[] = {"origin", "destination", "day", "price"};
constexpr size_t kPriceColumn = 3;

void AddError(PriceText& price, const char* field, RowErrorReason reason, absl::string_view value) {
  price.errors.push_back({.field = field, .reason = reason, .value = EscapedValue(value)});
}

void ReadText(const CsvValue& value, const char* field, absl::string_view& text, PriceText& price) {
  const bool is_utf8 = IsUtf8(value.text);
  text = is_utf8 ? value.text : "";
  if (!is_utf8) AddError(price, field, RowErrorReason::kNotUtf8, value.text);
}

void ReadPrice(const CsvReader& reader, PriceText& price) {
  const char* field = kColumns[kPriceColumn];
  const CsvValue& value = reader.values()[kPriceColumn];
  const char separator = reader.heading().separator;
  price.price = 0;
  if (const CsvValue next = reader.FieldBehind(kPriceColumn);
      separator == ',' && MayBeOnePrice(value, next)) {
    return AddError(price, field, RowErrorReason::kNotANumber,
                    absl::StrCat(value.text, ",", next.text));
  }
  switch (ReadDollars(value, separator, price.price)) {
    case DollarsText::kWhole:
      // The service reports it as a number: where the file has another text, it is reported here.
      if (IsPriceInRange(price.price) || value.text == absl::StrCat(price.price)) return;
      price.price = 0;
      return AddError(price, field, RowErrorReason::kPriceOutOfRange, value.text);
    case DollarsText::kMissing:
      return AddError(price, field, RowErrorReason::kMissingField, "");
    case DollarsText::kNotANumber:
      return AddError(price, field,
                      IsUtf8(value.text) ? RowErrorReason::kNotANumber : RowErrorReason::kNotUtf8,
                      value.text);
    case DollarsText::kTooLarge:
      return AddError(price, field, RowErrorReason::kPriceOutOfRange, value.text);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvPriceSource>> CsvPriceSource::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  return Read(std::move(bytes));
}

absl::StatusOr<std::unique_ptr<CsvPriceSource>> CsvPriceSource::Read(
    std::unique_ptr<ByteSource> bytes) {
  ASSIGN_OR_RETURN(std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(bytes), {std::begin(kColumns), std::end(kColumns)}));
  return std::unique_ptr<CsvPriceSource>(new CsvPriceSource(std::move(reader)));
}

CsvPriceSource::CsvPriceSource(std::unique_ptr<CsvReader> reader)
    : reader_(std::move(reader)),
      is_plain_(reader_->heading().columns == std::vector<size_t>{0, 1, 2, 3}),
      plain_rows_(reader_->heading().separator) {}

absl::StatusOr<bool> CsvPriceSource::Next(PriceText& price) {
  bool is_read = false;
  ASSIGN_OR_RETURN(const bool more, reader_->Next([&](absl::string_view line) {
    return is_read = is_plain_ && plain_rows_.Read(line, price);
  }));
  if (!more && row_count_ == 0) {
    return ContentError(reader_->lines().path(), 0, "the file has no prices");
  }
  if (!more) return false;
  price.errors.clear();
  if (!is_read) ReadRow(price);
  lines_.Add(reader_->line());
  ++row_count_;
  return true;
}

void CsvPriceSource::ReadRow(PriceText& price) const {
  if (!reader_->fault().empty()) {
    price = {};
    return AddError(price, "row", RowErrorReason::kMalformedRow, reader_->text());
  }
  const std::vector<CsvValue>& values = reader_->values();
  absl::string_view* const texts[] = {&price.origin, &price.destination, &price.day};
  for (size_t i = 0; i < std::size(texts); ++i) {
    ReadText(values[i], kColumns[i], *texts[i], price);
  }
  ReadPrice(*reader_, price);
  if (price.errors.empty()) return;
  // The service does not check rejected rows for missing fields: report those here.
  for (size_t i = 0; i < std::size(texts); ++i) {
    if (values[i].text.empty()) AddError(price, kColumns[i], RowErrorReason::kMissingField, "");
  }
  const bool price_is_read =
      std::none_of(price.errors.begin(), price.errors.end(),
                   [](const RowError& error) { return error.field == kColumns[kPriceColumn]; });
  if (price.price == 0 && price_is_read) {
    AddError(price, kColumns[kPriceColumn], RowErrorReason::kPriceOutOfRange, "0");
  }
}

}  // namespace fairway::price_files
