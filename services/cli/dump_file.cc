#include "services/cli/dump_file.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "libs/base/status_macros.h"
#include "libs/domain/day.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

constexpr size_t kLineJumpsMax = 65'536;

}  // namespace

absl::StatusOr<std::unique_ptr<SpooledFile>> OpenDump(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path + "/toc.dat", ignored)) {
    return ContentError(path, 0,
                        "a dump in pg_dump's directory format; make it plain: pg_restore -f "
                        "dump.sql DIRECTORY");
  }
  return SpooledFile::Open(path);
}

absl::StatusOr<std::unique_ptr<DumpTextSource>> DumpTextSource::Open(const SpooledFile& file) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, file.Read());
  return std::unique_ptr<DumpTextSource>(new DumpTextSource(file.name(), std::move(bytes)));
}

absl::StatusOr<bool> DumpTextSource::Read(std::string& text) {
  if (undecoded_.empty() && (decoder_ == nullptr || !decoder_->HasMore())) {
    ASSIGN_OR_RETURN(block_, bytes_->Next());
    if (decoder_ == nullptr) decoder_ = Decoder::For(block_);
    undecoded_ = block_;
    if (block_.empty()) {
      if (decoder_->IsComplete()) return false;
      return ContentError(name_, 0, "the compressed file is cut off");
    }
  }
  const size_t before = undecoded_.size();
  const absl::Status decoded = decoder_->Decode(undecoded_, text);
  bytes_read_ += static_cast<int64_t>(before - undecoded_.size());
  if (!decoded.ok()) return ContentError(name_, 0, decoded.message());
  return true;
}

absl::StatusOr<std::unique_ptr<DumpPriceSource>> DumpPriceSource::Open(
    const SpooledFile& file, const sql_dump::SchemaKey& schema) {
  ASSIGN_OR_RETURN(std::unique_ptr<DumpTextSource> text, DumpTextSource::Open(file));
  return std::unique_ptr<DumpPriceSource>(new DumpPriceSource(std::move(text), schema));
}

absl::StatusOr<bool> DumpPriceSource::Next(PriceText& price) {
  ASSIGN_OR_RETURN(const bool more, prices_.Next(price_));
  if (!more) return false;
  price.origin = price_.origin;
  price.destination = price_.destination;
  price.day = FormatDay(price_.day);
  price.price = price_.price;
  const int64_t jump = price_.line - row_count_;
  const bool is_new = line_jumps_.empty() || line_jumps_.back().second != jump;
  if (is_new && line_jumps_.size() == kLineJumpsMax && !first_unknown_) first_unknown_ = row_count_;
  if (is_new && !first_unknown_) line_jumps_.emplace_back(row_count_, jump);
  ++row_count_;
  return true;
}

int64_t DumpPriceSource::LineOfRow(int64_t row) const {
  if (first_unknown_ && row >= *first_unknown_) return 0;
  const auto next = std::upper_bound(
      line_jumps_.begin(), line_jumps_.end(), row,
      [](int64_t value, const std::pair<int64_t, int64_t>& jump) { return value < jump.first; });
  return next == line_jumps_.begin() ? row : row + std::prev(next)->second;
}

}  // namespace fairway::cli
