#include "libs/domain/page_token.h"

#include <xxhash.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

// Of both, so that a token that was cut is none.
std::string Fingerprint(absl::string_view request, absl::string_view cursor) {
  const std::string both = absl::StrCat(request.size(), ":", request, cursor);
  return absl::StrCat(absl::Hex(XXH3_64bits(both.data(), both.size()), absl::kZeroPad16));
}
constexpr size_t kFingerprintSize = 16;

}  // namespace

std::string RequestFingerprint(absl::string_view request) {
  const XXH128_hash_t hash = XXH3_128bits(request.data(), request.size());
  return absl::StrCat(absl::Hex(hash.high64, absl::kZeroPad16),
                      absl::Hex(hash.low64, absl::kZeroPad16));
}

std::string MakePageToken(absl::string_view request, absl::string_view cursor) {
  return absl::WebSafeBase64Escape(absl::StrCat(Fingerprint(request, cursor), cursor));
}

absl::StatusOr<std::string> ParsePageToken(absl::string_view request, absl::string_view token,
                                           absl::string_view field) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return InvalidPageTokenError(field);
  if (text.size() < kFingerprintSize) return InvalidPageTokenError(field);
  std::string cursor = text.substr(kFingerprintSize);
  if (text.substr(0, kFingerprintSize) != Fingerprint(request, cursor)) {
    return InvalidPageTokenError(field);
  }
  return cursor;
}

absl::StatusOr<int> ParsePageSize(int32_t page_size) {
  if (page_size < 0) return InvalidRequestError("page_size", "must not be negative");
  if (page_size == 0) return limits::kPageSizeDefault;
  return std::min<int32_t>(page_size, limits::kPageSizeMax);
}

}  // namespace fairway
