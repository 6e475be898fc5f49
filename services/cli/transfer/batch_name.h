#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// How batches without a given id are named: "acme-q1-5f94…", the readable part of a name and 24
// hexadecimal digits that identify the content. Always a valid batch id. `identity` is hexadecimal.
std::string BatchIdOf(absl::string_view name, absl::string_view identity);

// The identity of a file is the SHA-256 of its bytes as stored. Reads the file. LOCAL_FILE; USAGE
// for standard input ("-") and pipes, whose bytes are unknown until they are sent.
absl::StatusOr<std::string> BatchIdOfFile(const std::string& path);

// The identity of an object is the SHA-256 of its bucket, key and version, on a line each:
//   printf '%s\n%s\n%s' BUCKET KEY VERSION | sha256sum | cut -c1-24
std::string BatchIdOfObject(absl::string_view bucket, absl::string_view key,
                            absl::string_view version);

// The identity of a dump is the content digest of its prices, "xxh3sum-…": the same prices are the
// same batch, whatever file they come from.
std::string BatchIdOfDump(absl::string_view digest);

// Whether `path` can be opened again and has the same bytes then: not "-", not a pipe. True for
// directories and missing files, which fail when they are opened.
bool CanBeReadAgain(const std::string& path);

// The partner of an object: "acme" for "incoming/acme/2026/q1.csv" with the prefix "incoming/".
// USAGE when the key is not below the prefix, or the folder there is not a partner's name.
absl::StatusOr<std::string> PartnerOfKey(absl::string_view key, absl::string_view prefix);

}  // namespace fairway::cli
