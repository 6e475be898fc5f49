#include "libs/storage/commit_log.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fairway {
namespace {

constexpr std::array<std::pair<CommitKind, absl::string_view>, 3> kKindNames = {
    {{CommitKind::kCommit, "COMMIT"},
     {CommitKind::kRevert, "REVERT"},
     {CommitKind::kLocations, "LOCATIONS"}}};

}  // namespace

absl::string_view CommitKindName(CommitKind kind) {
  for (const auto& [known, name] : kKindNames) {
    if (known == kind) return name;
  }
  return "";
}

absl::StatusOr<CommitKind> ParseCommitKind(absl::string_view name) {
  for (const auto& [kind, known] : kKindNames) {
    if (known == name) return kind;
  }
  return absl::DataLossError(
      absl::StrCat("a version is of the kind ", name, ", which this release does not know"));
}

}  // namespace fairway
