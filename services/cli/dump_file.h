#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/line_reader.h"
#include "services/cli/price_source.h"

namespace fairway::cli {

// Splits a line of a COPY block: fields are separated by tabs, \N is null, and \t, \n, \r and
// \\ are what they look like (PostgreSQL, "COPY", text format).
std::vector<std::optional<std::string>> SplitCopyLine(absl::string_view line);

// The regions and ports of a plain pg_dump of the reference schema. FILE_CONTENT when it has none.
absl::StatusOr<v1::ImportLocationsRequest> ReadDumpLocations(const std::string& path);

// Its prices: the COPY block of public.prices.
class DumpPriceSource final : public PriceSource {
 public:
  static absl::StatusOr<std::unique_ptr<DumpPriceSource>> Open(const std::string& path);

  absl::StatusOr<bool> Next(PriceText& price) override;
  int64_t LineOfRow(int64_t row) const override { return first_line_ + row; }
  int64_t bytes_read() const override { return reader_->bytes_read(); }
  std::optional<int64_t> size() const override { return reader_->size(); }

 private:
  DumpPriceSource(std::unique_ptr<LineReader> reader, std::vector<size_t> columns)
      : reader_(std::move(reader)),
        columns_(std::move(columns)),
        first_line_(reader_->line_number() + 1) {}

  const std::unique_ptr<LineReader> reader_;
  const std::vector<size_t> columns_;
  const int64_t first_line_;
};

}  // namespace fairway::cli
