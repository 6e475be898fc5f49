#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/cli/byte_source.h"
#include "services/cli/line_reader.h"

namespace fairway::cli {

// A price as a file has it. Whether it makes sense is for the service to say.
struct PriceText {
  std::string origin;
  std::string destination;
  std::string day;
  int64_t price = 0;
};

// Where the prices of an upload come from.
class PriceSource {
 public:
  virtual ~PriceSource() = default;
  // False at the end. FILE_CONTENT, and the errors of where the bytes come from.
  virtual absl::StatusOr<bool> Next(PriceText& price) = 0;
  // Line of the row with this index, where rows are lines; to tell people what the service calls
  // rows[17].
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
  int64_t bytes_read() const override { return reader_->bytes_read(); }
  std::optional<int64_t> size() const override { return reader_->size(); }

 private:
  CsvPriceSource(std::unique_ptr<LineReader> reader, std::vector<size_t> columns)
      : reader_(std::move(reader)), columns_(std::move(columns)) {}
  absl::Status LineError(absl::string_view what) const;

  const std::unique_ptr<LineReader> reader_;
  const std::vector<size_t> columns_;
  std::vector<std::string> fields_;
  int64_t row_count_ = 0;
  std::vector<std::pair<int64_t, int64_t>> line_jumps_;  // From this row on, this many more lines.
};

}  // namespace fairway::cli
