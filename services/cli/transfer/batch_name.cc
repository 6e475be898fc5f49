#include "services/cli/transfer/batch_name.h"

#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/sha256.h"
#include "libs/base/status_macros.h"
#include "libs/domain/batch_id.h"
#include "libs/domain/limits.h"
#include "libs/price_files/byte_source.h"
#include "services/cli/shell/arguments.h"

namespace fairway::cli {
namespace {

constexpr size_t kIdentityDigits = 24;
constexpr size_t kNameBytesMax = limits::kBatchIdLengthMax - kIdentityDigits - 1;

// "incoming/acme/Q1 (final).csv.zst" is "q1-final".
std::string ReadablePart(absl::string_view path) {
  absl::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0.
  name = name.substr(0, name.find('.'));
  std::string text;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      text.push_back(absl::ascii_tolower(c));
    } else if (!text.empty() && text.back() != '-') {
      text.push_back('-');
    }
  }
  text = text.substr(0, kNameBytesMax);
  while (!text.empty() && text.back() == '-') text.pop_back();
  return text.empty() ? "prices" : text;
}

}  // namespace

bool CanBeReadAgain(const std::string& path) {
  std::error_code ignored;
  return path != "-" &&
         (std::filesystem::is_regular_file(path, ignored) ||
          std::filesystem::is_directory(path, ignored) || !std::filesystem::exists(path, ignored));
}

absl::StatusOr<std::string> BatchIdOfFile(const std::string& path) {
  if (!CanBeReadAgain(path)) {
    return UsageError(absl::StrCat("cannot derive a batch id from ",
                                   path == "-" ? "standard input" : path, ": use --batch-id"));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<price_files::ByteSource> bytes,
                   price_files::FileByteSource::Open(path));
  Sha256 sha;
  while (true) {
    ASSIGN_OR_RETURN(const std::string block, bytes->Next());
    if (block.empty()) return BatchIdOf(path, sha.Finish());
    sha.Add(block);
  }
}

std::string BatchIdOfObject(absl::string_view bucket, absl::string_view key,
                            absl::string_view version) {
  return BatchIdOf(key, Sha256Of(absl::StrCat(bucket, "\n", key, "\n", version)));
}

std::string BatchIdOfDump(absl::string_view digest) {
  absl::ConsumePrefix(&digest, "xxh3sum-");
  return BatchIdOf("dump", digest);
}

std::string BatchIdOf(absl::string_view name, absl::string_view identity) {
  return absl::StrCat(ReadablePart(name), "-", identity.substr(0, kIdentityDigits));
}

absl::StatusOr<std::string> PartnerOfKey(absl::string_view key, absl::string_view prefix) {
  absl::string_view rest = key;
  const size_t slash = key.find('/', prefix.size());
  if (!absl::ConsumePrefix(&rest, prefix) || slash == absl::string_view::npos) {
    return UsageError(absl::StrCat("unknown partner: the key ", key, " does not have the form ",
                                   prefix, "PARTNER/…; use --partner"));
  }
  const absl::string_view partner = rest.substr(0, slash - prefix.size());
  if (!CheckPartner(partner).ok()) {
    return UsageError(absl::StrCat("unknown partner: \"", partner, "\" in the key ", key,
                                   " is not 1 to 63 of [a-z0-9-]; use --partner"));
  }
  return std::string(partner);
}

}  // namespace fairway::cli
