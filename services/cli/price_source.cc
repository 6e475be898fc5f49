#include "services/cli/price_source.h"

#include <utf8.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/csv.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

bool IsUtf8(absl::string_view text) { return utf8::is_valid(text.begin(), text.end()); }

}  // namespace

absl::StatusOr<std::unique_ptr<CsvPriceSource>> CsvPriceSource::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  return Read(std::move(bytes));
}

absl::StatusOr<std::unique_ptr<CsvPriceSource>> CsvPriceSource::Read(
    std::unique_ptr<ByteSource> bytes) {
  auto reader = std::make_unique<LineReader>(std::move(bytes));
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> heading, reader->Next());
  if (!heading) return ContentError(reader->path(), 0, "it is empty");
  absl::StatusOr<std::vector<size_t>> columns =
      FindColumns(*heading, {"origin", "destination", "day", "price"});
  if (!columns.ok()) return ContentError(reader->path(), 1, columns.status().message());
  return std::unique_ptr<CsvPriceSource>(
      new CsvPriceSource(std::move(reader), *std::move(columns)));
}

absl::StatusOr<bool> CsvPriceSource::Next(PriceText& price) {
  std::optional<absl::string_view> line;
  do {
    ASSIGN_OR_RETURN(line, reader_->Next());
    if (!line && row_count_ == 0) return ContentError(reader_->path(), 0, "it has no prices");
    if (!line) return false;
  } while (line->empty());
  if (!SplitCsv(*line, fields_)) return LineError("a quote is not closed");
  if (*std::max_element(columns_.begin(), columns_.end()) >= fields_.size()) {
    return LineError("it has fewer columns than the first line");
  }
  price.origin = fields_[columns_[0]];
  price.destination = fields_[columns_[1]];
  price.day = fields_[columns_[2]];
  if (!IsUtf8(price.origin) || !IsUtf8(price.destination) || !IsUtf8(price.day)) {
    return LineError("it is not UTF-8");
  }
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
  const auto next = std::upper_bound(
      line_jumps_.begin(), line_jumps_.end(), row,
      [](int64_t value, const std::pair<int64_t, int64_t>& jump) { return value < jump.first; });
  return next == line_jumps_.begin() ? row : row + std::prev(next)->second;
}

absl::Status CsvPriceSource::LineError(absl::string_view what) const {
  return ContentError(reader_->path(), reader_->line_number(), what);
}

}  // namespace fairway::cli
