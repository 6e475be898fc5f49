#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/location_store.h"
#include "libs/storage/metered/store_metrics.h"

namespace fairway {

// A LocationStore with metrics. Borrows the store. Thread-safe.
class MeteredLocationStore final : public LocationStore {
 public:
  MeteredLocationStore(LocationStore* store, StoreMetrics* metrics)
      : store_(*store),
        read_tree_(metrics->ForOperation("read_location_tree")),
        import_(metrics->ForOperation("import_locations")) {}

  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline& deadline) override {
    return read_tree_.Measure([&] { return store_.ReadTree(deadline); });
  }
  absl::StatusOr<LocationImport> Import(const LocationChanges& changes,
                                        const Deadline& deadline) override {
    return import_.Measure([&] { return store_.Import(changes, deadline); });
  }

 private:
  LocationStore& store_;
  const OperationMetrics read_tree_;
  const OperationMetrics import_;
};

}  // namespace fairway
