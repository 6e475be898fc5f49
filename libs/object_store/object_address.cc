#include "libs/object_store/object_address.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway::object_store {
namespace {

constexpr absl::string_view kScheme = "s3://";
constexpr absl::string_view kVersionMark = "?versionId=";
constexpr size_t kBucketLengthMin = 3;
constexpr size_t kBucketLengthMax = 63;
constexpr size_t kKeyBytesMax = 1024;

bool IsBucketName(absl::string_view text) {
  return kBucketLengthMin <= text.size() && text.size() <= kBucketLengthMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '.';
         });
}

}  // namespace

absl::StatusOr<ObjectAddress> ParseObjectUrl(absl::string_view url) {
  absl::string_view rest = url;
  const size_t slash = url.find('/', kScheme.size());
  if (!absl::ConsumePrefix(&rest, kScheme) || slash == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(url, " is not of the form s3://bucket/key or s3://bucket/key?versionId=V"));
  }
  ObjectAddress address;
  address.bucket = std::string(url.substr(kScheme.size(), slash - kScheme.size()));
  absl::string_view key = url.substr(slash + 1);
  // A key may hold question marks of its own; versions never do.
  const size_t mark = key.rfind(kVersionMark);
  if (mark != absl::string_view::npos) {
    address.version = std::string(key.substr(mark + kVersionMark.size()));
    key = key.substr(0, mark);
  }
  address.key = std::string(key);
  const absl::Status status = CheckObjectAddress(address);
  if (!status.ok()) return status;
  return address;
}

absl::Status CheckObjectAddress(const ObjectAddress& address) {
  if (!IsBucketName(address.bucket)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address.bucket, "\" is no bucket: 3 to 63 of [a-z0-9.-]"));
  }
  if (address.key.empty() || address.key.size() > kKeyBytesMax) {
    return absl::InvalidArgumentError("the key of an object has 1 to 1,024 bytes");
  }
  return absl::OkStatus();
}

std::string ToString(const ObjectAddress& address) {
  std::string text = absl::StrCat(kScheme, address.bucket, "/", address.key);
  if (!address.version.empty()) absl::StrAppend(&text, kVersionMark, address.version);
  return text;
}

std::string UriEncode(absl::string_view text, bool keep_slash) {
  constexpr absl::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~' ||
        (c == '/' && keep_slash)) {
      encoded.push_back(c);
    } else {
      encoded.push_back('%');
      encoded.push_back(kDigits[byte >> 4]);
      encoded.push_back(kDigits[byte & 0xF]);
    }
  }
  return encoded;
}

}  // namespace fairway::object_store
