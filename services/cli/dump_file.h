#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/sql_dump/dump_content.h"
#include "libs/sql_dump/text_source.h"
#include "services/cli/byte_source.h"
#include "services/cli/decoder.h"
#include "services/cli/price_source.h"
#include "services/cli/spooled_file.h"

namespace fairway::cli {

// The text of a dump that may be compressed.
class DumpTextSource final : public sql_dump::TextSource {
 public:
  // LOCAL_FILE.
  static absl::StatusOr<std::unique_ptr<DumpTextSource>> Open(const SpooledFile& file);

  absl::StatusOr<bool> Read(std::string& text) override;
  const std::string& name() const override { return name_; }
  int64_t bytes_read() const { return bytes_read_; }
  std::optional<int64_t> size() const { return bytes_->size(); }

 private:
  DumpTextSource(std::string name, std::unique_ptr<ByteSource> bytes)
      : name_(std::move(name)), bytes_(std::move(bytes)) {}

  const std::string name_;
  const std::unique_ptr<ByteSource> bytes_;
  std::unique_ptr<Decoder> decoder_;
  std::string block_;
  absl::string_view undecoded_;  // Of block_.
  int64_t bytes_read_ = 0;
};

// A dump as it is on disk, or came through a pipe. LOCAL_FILE; FILE_CONTENT for what pg_dump
// --format=directory makes.
absl::StatusOr<std::unique_ptr<SpooledFile>> OpenDump(const std::string& path);

// The prices of a dump whose content was read and found right.
class DumpPriceSource final : public PriceSource {
 public:
  static absl::StatusOr<std::unique_ptr<DumpPriceSource>> Open(const SpooledFile& file,
                                                               const sql_dump::SchemaKey& schema);

  absl::StatusOr<bool> Next(PriceText& price) override;
  int64_t LineOfRow(int64_t row) const override;
  int64_t bytes_read() const override { return text_->bytes_read(); }
  std::optional<int64_t> size() const override { return text_->size(); }

 private:
  DumpPriceSource(std::unique_ptr<DumpTextSource> text, const sql_dump::SchemaKey& schema)
      : text_(std::move(text)), prices_(*text_, schema) {}

  const std::unique_ptr<DumpTextSource> text_;
  sql_dump::DumpPrices prices_;
  sql_dump::DumpPrice price_;
  int64_t row_count_ = 0;
  // From this row on, this many more lines; as often as that may change within our memory.
  std::vector<std::pair<int64_t, int64_t>> line_jumps_;
  std::optional<int64_t> first_unknown_;  // The first row behind those.
};

}  // namespace fairway::cli
