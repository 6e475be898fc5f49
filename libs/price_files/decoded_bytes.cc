#include "libs/price_files/decoded_bytes.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {

absl::StatusOr<bool> DecodedBytes::Read(std::string& text, int64_t line) {
  if (undecoded_.empty() && (decoder_ == nullptr || !decoder_->HasMore())) {
    RETURN_IF_ERROR(NextBlock());
    if (block_.empty()) {
      if (decoder_->IsComplete()) return false;
      return ContentError(name(), line, "the compressed file is cut off: transfer it again");
    }
  }
  const size_t before = undecoded_.size();
  const absl::Status decoded = decoder_->Decode(undecoded_, text);
  bytes_read_ += static_cast<int64_t>(before - undecoded_.size());
  if (!decoded.ok()) return ContentError(name(), line, decoded.message());
  return true;
}

absl::Status DecodedBytes::NextBlock() {
  ASSIGN_OR_RETURN(block_, bytes_->Next());
  while (decoder_ == nullptr && !block_.empty() && block_.size() < Decoder::kMagicBytes) {
    ASSIGN_OR_RETURN(const std::string more, bytes_->Next());
    if (more.empty()) break;
    block_ += more;
  }
  undecoded_ = block_;
  if (decoder_ == nullptr) decoder_ = Decoder::For(block_);
  return absl::OkStatus();
}

}  // namespace fairway::price_files
