#include "libs/price_files/testing/csv_rows.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/csv_price_source.h"
#include "libs/price_files/testing/block_source.h"

namespace fairway::price_files {

absl::StatusOr<std::vector<std::string>> RowsOf(absl::string_view file, size_t block_bytes) {
  ASSIGN_OR_RETURN(const auto source,
                   CsvPriceSource::Read(std::make_unique<BlockSource>(file, block_bytes)));
  std::vector<std::string> rows;
  PriceText price;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, source->Next(price));
    if (!more) break;
    rows.push_back(
        absl::StrCat(price.origin, " ", price.destination, " ", price.day, " ", price.price));
    for (const RowError& error : price.errors) {
      absl::StrAppend(&rows.back(), " !", error.field, " ", RowErrorReasonName(error.reason), " ",
                      error.value);
    }
  }
  // Also of rows that were read long before.
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i] = absl::StrCat(source->LineOfRow(static_cast<int64_t>(i)), ": ", rows[i]);
  }
  return rows;
}

std::string RowOf(absl::string_view row) {
  const auto rows = RowsOf(absl::StrCat(kPricesHeading, row, "\n"));
  if (!rows.ok()) return std::string(rows.status().message());
  return rows->size() == 1 ? rows->front() : absl::StrCat(rows->size(), " rows");
}

}  // namespace fairway::price_files
