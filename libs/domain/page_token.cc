#include "libs/domain/page_token.h"

#include <xxhash.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

std::string Fingerprint(absl::string_view request) {
  return absl::StrCat(absl::Hex(XXH3_64bits(request.data(), request.size()), absl::kZeroPad16),
                      ":");
}

}  // namespace

std::string RequestFingerprint(absl::string_view request) {
  const XXH128_hash_t hash = XXH3_128bits(request.data(), request.size());
  return absl::StrCat(absl::Hex(hash.high64, absl::kZeroPad16),
                      absl::Hex(hash.low64, absl::kZeroPad16));
}

std::string MakePageToken(absl::string_view request, absl::string_view cursor) {
  return absl::WebSafeBase64Escape(absl::StrCat(Fingerprint(request), cursor));
}

absl::StatusOr<std::string> ReadPageToken(absl::string_view request, absl::string_view token) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return InvalidPageTokenError();
  absl::string_view cursor = text;
  if (!absl::ConsumePrefix(&cursor, Fingerprint(request))) return InvalidPageTokenError();
  return std::string(cursor);
}

absl::StatusOr<int> ReadPageSize(int32_t page_size) {
  if (page_size < 0) return InvalidRequestError("page_size", "must not be negative");
  if (page_size == 0) return limits::kPageSizeDefault;
  return std::min<int32_t>(page_size, limits::kPageSizeMax);
}

}  // namespace fairway
