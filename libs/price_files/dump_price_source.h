#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "libs/price_files/decoded_bytes.h"
#include "libs/price_files/location_file.h"
#include "libs/price_files/price_source.h"
#include "libs/price_files/row_lines.h"
#include "libs/price_files/spooled_file.h"
#include "libs/sql_dump/dump_content.h"
#include "libs/sql_dump/text_source.h"

namespace fairway::price_files {

// Opens a dump, compressed or not; may copy a pipe. LOCAL_FILE; FILE_CONTENT for pg_dump's
// directory format.
absl::StatusOr<std::unique_ptr<SpooledFile>> OpenDump(const std::string& path);

// Reads and checks all of a dump; see sql_dump::ReadDumpContent(). LOCAL_FILE, FILE_CONTENT.
absl::StatusOr<sql_dump::DumpContent> ReadDumpContent(const SpooledFile& file);

// The regions and ports of a dump.
LocationFile LocationsOf(const sql_dump::DumpContent& content);

// The text of a dump.
class DumpTextSource final : public sql_dump::TextSource {
 public:
  explicit DumpTextSource(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<bool> Read(std::string& text) override { return bytes_.Read(text, /*line=*/0); }
  const std::string& name() const override { return bytes_.name(); }
  const DecodedBytes& bytes() const { return bytes_; }

 private:
  DecodedBytes bytes_;
};

// The prices of a dump that ReadDumpContent() accepted.
class DumpPriceSource final : public PriceSource {
 public:
  // LOCAL_FILE.
  static absl::StatusOr<std::unique_ptr<DumpPriceSource>> Open(const SpooledFile& file,
                                                               const sql_dump::SchemaKey& schema);

  absl::StatusOr<bool> Next(PriceText& price) override;
  int64_t LineOfRow(int64_t row) const override { return lines_.LineOfRow(row); }
  int64_t bytes_read() const override { return text_.bytes().bytes_read(); }
  std::optional<int64_t> size() const override { return text_.bytes().size(); }

 private:
  // 1 MiB. An INSERT of several rows in a line changes the distance at every row.
  static constexpr size_t kLineJumpsMax = 65'536;

  DumpPriceSource(std::unique_ptr<ByteSource> bytes, const sql_dump::SchemaKey& schema)
      : text_(std::move(bytes)), prices_(text_, schema) {}

  DumpTextSource text_;
  sql_dump::DumpPrices prices_;
  sql_dump::DumpPrice price_;
  std::string day_;
  RowLines lines_{kLineJumpsMax};
};

}  // namespace fairway::price_files
