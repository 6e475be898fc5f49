#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/domain/row_error.h"
#include "services/cli/byte_source.h"
#include "services/cli/csv_reader.h"

namespace fairway::cli {

// A row as a file has it. Whether a price makes sense is for the service to say.
struct PriceText {
  std::string origin;
  std::string destination;
  std::string day;
  int64_t price = 0;
  // Why the row is no price. Then the fields above are those that could be read, and the service
  // is sent both: it counts the row, and finds what is wrong with those.
  std::vector<RowError> errors = {};
};

// Where the prices of an upload come from.
class PriceSource {
 public:
  virtual ~PriceSource() = default;
  // False at the end. FILE_CONTENT when the rest cannot be read, and the errors of where the bytes
  // come from.
  virtual absl::StatusOr<bool> Next(PriceText& price) = 0;
  // Line of the row with this index, where rows are lines; to show people what the service calls
  // rows[17]. 0 when it is not known.
  virtual int64_t LineOfRow(int64_t row) const = 0;
  virtual int64_t bytes_read() const = 0;
  virtual std::optional<int64_t> size() const = 0;
};

// CSV with the columns origin, destination, day and price.
class CsvPriceSource final : public PriceSource {
 public:
  static absl::StatusOr<std::unique_ptr<CsvPriceSource>> Open(const std::string& path);
  static absl::StatusOr<std::unique_ptr<CsvPriceSource>> Read(std::unique_ptr<ByteSource> bytes);

  absl::StatusOr<bool> Next(PriceText& price) override;
  int64_t LineOfRow(int64_t row) const override;
  int64_t bytes_read() const override { return reader_->lines().bytes_read(); }
  std::optional<int64_t> size() const override { return reader_->lines().size(); }

 private:
  explicit CsvPriceSource(std::unique_ptr<CsvReader> reader) : reader_(std::move(reader)) {}
  void ReadRow(PriceText& price) const;
  void RememberLine();

  const std::unique_ptr<CsvReader> reader_;
  int64_t row_count_ = 0;
  std::vector<std::pair<int64_t, int64_t>> line_jumps_;  // From this row on, this many more lines.
};

}  // namespace fairway::cli
