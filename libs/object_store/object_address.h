#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::object_store {

// An object of S3, or one version of it.
struct ObjectAddress {
  std::string bucket;
  std::string key;
  std::string version;  // "" for the newest one.

  friend bool operator==(const ObjectAddress&, const ObjectAddress&) = default;
};

// Reads "s3://bucket/key" or "s3://bucket/key?versionId=V". The key is taken as it is: nothing in
// it is percent-decoded, as in `aws s3`. INVALID_ARGUMENT.
absl::StatusOr<ObjectAddress> ParseObjectUrl(absl::string_view url);

// INVALID_ARGUMENT unless bucket and key can be those of an object.
absl::Status CheckObjectAddress(const ObjectAddress& address);

// The inverse of ParseObjectUrl, for people.
std::string ToString(const ObjectAddress& address);

// Percent-encodes as S3 wants it signed: all but [A-Za-z0-9-._~], and but '/' where it may stay.
std::string UriEncode(absl::string_view text, bool keep_slash);

}  // namespace fairway::object_store
