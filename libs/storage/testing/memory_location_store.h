#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/location_store.h"
#include "libs/storage/testing/memory_dataset.h"

namespace fairway::testing {

// LocationStore over memory. Thread-safe.
class MemoryLocationStore final : public LocationStore {
 public:
  explicit MemoryLocationStore(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline& deadline) override;
  absl::StatusOr<LocationImport> Import(const LocationChanges& changes,
                                        const Deadline& deadline) override;

 private:
  MemoryDataset* const dataset_;
};

}  // namespace fairway::testing
