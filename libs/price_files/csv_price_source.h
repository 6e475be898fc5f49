#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "libs/price_files/byte_source.h"
#include "libs/price_files/csv_reader.h"
#include "libs/price_files/plain_row_reader.h"
#include "libs/price_files/price_source.h"
#include "libs/price_files/row_lines.h"

namespace fairway::price_files {

// Prices from CSV with the columns origin, destination, day and price. FILE_CONTENT for a file
// without rows.
class CsvPriceSource final : public PriceSource {
 public:
  // Both read the heading: LOCAL_FILE, FILE_CONTENT.
  static absl::StatusOr<std::unique_ptr<CsvPriceSource>> Open(const std::string& path);
  static absl::StatusOr<std::unique_ptr<CsvPriceSource>> Read(std::unique_ptr<ByteSource> bytes);

  absl::StatusOr<bool> Next(PriceText& price) override;
  int64_t LineOfRow(int64_t row) const override { return lines_.LineOfRow(row); }
  int64_t bytes_read() const override { return reader_->lines().bytes_read(); }
  std::optional<int64_t> size() const override { return reader_->lines().size(); }

 private:
  // 16 MiB. Rows and lines differ only by empty lines and by line breaks inside quotes.
  static constexpr size_t kLineJumpsMax = size_t{1} << 20;

  explicit CsvPriceSource(std::unique_ptr<CsvReader> reader);
  void ReadRow(PriceText& price) const;

  const std::unique_ptr<CsvReader> reader_;
  const bool is_plain_;  // The heading: these four columns come first, in this order.
  PlainRowReader plain_rows_;
  int64_t row_count_ = 0;
  RowLines lines_{kLineJumpsMax};
};

}  // namespace fairway::price_files
