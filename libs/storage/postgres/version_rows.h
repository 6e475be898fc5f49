#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
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
// DATA_LOSS for rows that this release cannot read; exceptions of libpqxx otherwise.
namespace fairway {

// The channel on which every new version is announced by its number.
inline constexpr char kDatasetChannel[] = "fairway_dataset";

// The row of fairway.dataset.
struct DatasetRow {
  VersionId version;
  std::optional<absl::Time> commit_time;  // None at version 0.
  VersionId locations;                    // The version that last changed a location.
};
absl::StatusOr<DatasetRow> ReadDatasetRow(pqxx::transaction_base& tx);
// The same, with the lock that orders versions: no other transaction makes one before `tx` ends.
absl::StatusOr<DatasetRow> LockDatasetRow(pqxx::transaction_base& tx);

struct MadeVersion {
  VersionId id;
  absl::Time time;
};
// Makes the next version, the only way there is: locks and updates the row of fairway.dataset,
// writes the row of fairway.commits with a new identity, and notifies kDatasetChannel when `tx`
// commits. Every other commit waits for `tx` from here on. `batch`: none for kLocations.
absl::StatusOr<MadeVersion> MakeNextVersion(pqxx::transaction_base& tx, CommitKind kind,
                                            std::optional<int64_t> batch);

// The SQL expression for the identity of the version `number`, another expression; 0 when it is not
// kept any more. The schema's function of the same meaning is for use by hand: PostgreSQL plans it
// anew at every call.
std::string IdentitySql(absl::string_view number);
VersionIdentity ReadIdentity(const pqxx::field& field);

// The identity of a version of the history that `tx` sees; 0 when it is not kept any more.
VersionIdentity IdentityOf(pqxx::transaction_base& tx, DatasetVersion number);
// Whether that history contains `version`.
bool IsInHistory(pqxx::transaction_base& tx, const VersionId& version);

}  // namespace fairway
