#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/domain/dataset_version.h"
#include "libs/storage/commit_log.h"

namespace pqxx {
class field;
class transaction_base;
}  // namespace pqxx

// Reading and writing fairway.dataset and the identities in fairway.commits. For the .cc files of
// this folder. PostgreSQL has no unsigned integers: identities are stored as the same 64 bits.
namespace fairway {

// What stands in the row of fairway.dataset.
struct DatasetRow {
  VersionId version;
  std::optional<absl::Time> commit_time;  // None at version 0.
  VersionId locations;                    // The version that last changed a location.
};
DatasetRow ReadDatasetRow(pqxx::transaction_base& tx);

struct MadeVersion {
  VersionId id;
  absl::Time time;
};
// Makes the next version: takes its number, writes down what it is, and notifies, once `tx`
// commits. From here on every other commit waits for `tx`. `batch`: none for kLocations.
MadeVersion MakeNextVersion(pqxx::transaction_base& tx, CommitKind kind,
                            std::optional<int64_t> batch);

// An SQL expression: the identity of the version `number`, which is one, too; 0 when it is not kept
// any more. The schema's function for it is for people: PostgreSQL plans it anew at every call.
std::string IdentitySql(absl::string_view number);
VersionIdentity ReadIdentity(const pqxx::field& field);

// The identity of a version of the history that `tx` sees; 0 when it is not kept any more.
VersionIdentity IdentityOf(pqxx::transaction_base& tx, DatasetVersion number);
// Whether that history contains `version`.
bool IsInHistory(pqxx::transaction_base& tx, const VersionId& version);

}  // namespace fairway
