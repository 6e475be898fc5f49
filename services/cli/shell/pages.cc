#include "services/cli/shell/pages.h"

#include "absl/strings/str_cat.h"

namespace fairway::cli {
namespace {

constexpr int64_t kPagesMax = 10'000;
constexpr size_t kListingBytesMax = 256 << 20;

}  // namespace

absl::Status PageGuard::Add(int64_t rows, size_t bytes, absl::string_view next_token) {
  rows_ += rows;
  bytes_ += bytes;
  ++pages_;
  std::string excess;
  if (!next_token.empty() && next_token == token_) {
    excess = "the same page token twice";
  } else if (rows_ > rows_max_) {
    excess = absl::StrCat("more than ", rows_max_, " rows");
  } else if (pages_ > kPagesMax) {
    excess = absl::StrCat("more than ", kPagesMax, " pages");
  } else if (bytes_ > kListingBytesMax) {
    excess = absl::StrCat("more than ", kListingBytesMax >> 20, " MiB");
  }
  token_ = std::string(next_token);
  if (excess.empty()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the service lists ", what_, " without end: it sent ", excess));
}

}  // namespace fairway::cli
