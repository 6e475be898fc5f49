#include "services/cli/price_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/csv.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {

absl::StatusOr<std::unique_ptr<CsvPriceSource>> CsvPriceSource::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<LineReader> reader, LineReader::Open(path));
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> heading, reader->Next());
  if (!heading) return FileError(path, "it is empty");
  absl::StatusOr<std::vector<size_t>> columns =
      FindColumns(*heading, {"origin", "destination", "day", "price"});
  if (!columns.ok()) return FileError(path, columns.status().message());
  return std::unique_ptr<CsvPriceSource>(
      new CsvPriceSource(std::move(reader), *std::move(columns)));
}

absl::StatusOr<bool> CsvPriceSource::Next(PriceText& price) {
  std::optional<absl::string_view> line;
  do {
    ASSIGN_OR_RETURN(line, reader_->Next());
    if (!line) return false;
  } while (line->empty());
  if (!SplitCsv(*line, fields_)) return LineError("a quote is not closed");
  if (*std::max_element(columns_.begin(), columns_.end()) >= fields_.size()) {
    return LineError("it has fewer columns than the first line");
  }
  price.origin = fields_[columns_[0]];
  price.destination = fields_[columns_[1]];
  price.day = fields_[columns_[2]];
  const std::string& text = fields_[columns_[3]];
  if (!absl::SimpleAtoi(text, &price.price)) {
    return LineError(absl::StrCat("the price \"", text, "\" is no whole number"));
  }
  // Only empty lines make a row's line differ from what one would count.
  const int64_t jump = reader_->line_number() - row_count_;
  if (line_jumps_.empty() || line_jumps_.back().second != jump) {
    line_jumps_.emplace_back(row_count_, jump);
  }
  ++row_count_;
  return true;
}

int64_t CsvPriceSource::LineOfRow(int64_t row) const {
  int64_t line = row;
  for (const auto& [from, jump] : line_jumps_) {
    if (from <= row) line = row + jump;
  }
  return line;
}

absl::Status CsvPriceSource::LineError(absl::string_view what) const {
  return FileError(absl::StrCat(reader_->path(), ":", reader_->line_number()), what);
}

}  // namespace fairway::cli
