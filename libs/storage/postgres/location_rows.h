#pragma once

#include <memory>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"

#include "libs/domain/dataset_version.h"
#include "libs/domain/location_tree.h"
#include "libs/storage/merge_locations.h"

namespace pqxx {
class field;
class transaction_base;
}  // namespace pqxx

// Reading the rows of fairway.regions and fairway.ports. For the .cc files of this folder.
namespace fairway {

// DATA_LOSS when the column holds no port code.
absl::StatusOr<PortCode> ReadPortCode(const pqxx::field& field);

// The rows as `tx` sees them, and the tree they make, which `version` was the last to change.
// INTERNAL, with what is wrong, for rows that this release would not have written.
absl::StatusOr<StoredLocations> ReadLocations(pqxx::transaction_base& tx);
absl::StatusOr<LocationTree> ReadLocationTree(pqxx::transaction_base& tx, const VersionId& version);

// Keeps the last tree read, by the version that last changed a location. Thread-safe.
class LocationTreeCache {
 public:
  // The tree of `version`, which `tx` must see. Read anew unless it is the one that is kept, by its
  // identity.
  absl::StatusOr<std::shared_ptr<const LocationTree>> Get(pqxx::transaction_base& tx,
                                                          const VersionId& version);

 private:
  std::mutex mutex_;
  std::shared_ptr<const LocationTree> tree_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fairway
