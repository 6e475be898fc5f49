#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Batch ids that name a content for ever: the readable part of a name, then 24 hexadecimal digits
// of a SHA-256. Always well-formed.
// An object's is of its bucket, key and version, on a line each:
//   printf '%s\n%s\n%s' BUCKET KEY VERSION | sha256sum | cut -c1-24
std::string BatchIdOfObject(absl::string_view bucket, absl::string_view key,
                            absl::string_view version);
// A file's is of its bytes as they are stored, which are read: "Acme Q1.csv.gz" is "acme-q1-5f94…".
// LOCAL_FILE; USAGE for what can be read only once, such as standard input ("-"): a pipe has no
// bytes until it is uploaded.
absl::StatusOr<std::string> BatchIdOfFile(const std::string& path);
// The same from a digest that is known; `sha256` is hexadecimal.
std::string BatchIdOfContent(absl::string_view path, absl::string_view sha256);

// Whether `path` may be opened a second time and gives the same bytes: not "-", not a pipe. What
// cannot be found counts as a file, as does a directory: whoever opens it says so.
bool CanBeReadAgain(const std::string& path);

// Whose object this is: "acme" of "incoming/acme/2026/q1.csv" with prefix "incoming/". USAGE when
// the key is not below the prefix, or has no folder there that is the name of a partner.
absl::StatusOr<std::string> PartnerOfKey(absl::string_view key, absl::string_view prefix);

}  // namespace fairway::cli
