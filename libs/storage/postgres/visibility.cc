#include "libs/storage/postgres/visibility.h"

#include "absl/strings/substitute.h"

namespace fairway {

std::string VisibleSql(absl::string_view batch, absl::string_view version) {
  return absl::Substitute(
      "($0.committed_version <= $1 AND ($0.reverted_version IS NULL OR $0.reverted_version > $1))",
      batch, version);
}

}  // namespace fairway
