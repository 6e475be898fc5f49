#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/dataset_source.h"
#include "libs/storage/testing/memory_dataset.h"

namespace fairway::testing {

// DatasetSource over memory. Thread-safe.
class MemoryDatasetSource final : public DatasetSource {
 public:
  explicit MemoryDatasetSource(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) override;
  using DatasetSource::ReadChanges;
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                             const Deadline& deadline) override;
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                           const Deadline& deadline) override;
  absl::Status AwaitCommit(const Deadline& deadline) override;

  // While false, every call is DATABASE_UNAVAILABLE.
  void SetAvailable(bool available);
  // How many readers were opened.
  int readers_opened() const;

 private:
  absl::Status CheckAvailable() const ABSL_SHARED_LOCKS_REQUIRED(dataset_->mutex);
  DatasetState State() const ABSL_SHARED_LOCKS_REQUIRED(dataset_->mutex);

  MemoryDataset* const dataset_;
  VersionId awaited_ ABSL_GUARDED_BY(dataset_->mutex);
  int readers_opened_ ABSL_GUARDED_BY(dataset_->mutex) = 0;
  bool available_ ABSL_GUARDED_BY(dataset_->mutex) = true;
};

}  // namespace fairway::testing
