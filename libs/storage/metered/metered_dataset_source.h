#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/dataset_source.h"
#include "libs/storage/metered/store_metrics.h"

namespace fairway {

// A DatasetSource, and its readers, with metrics. Waiting for a commit is not measured. Borrows the
// source. Thread-safe as far as the source is.
class MeteredDatasetSource final : public DatasetSource {
 public:
  MeteredDatasetSource(DatasetSource* source, StoreMetrics* metrics);

  absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) override;
  using DatasetSource::ReadChanges;
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                             const Deadline& deadline) override;
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                           const Deadline& deadline) override;
  absl::Status AwaitCommit(const Deadline& deadline) override {
    return source_.AwaitCommit(deadline);
  }

  struct ReaderMetrics {
    OperationMetrics read_batch;
    OperationMetrics read_origin;
  };

 private:
  DatasetSource& source_;
  const OperationMetrics read_state_;
  const OperationMetrics read_changes_;
  const OperationMetrics open_reader_;
  const ReaderMetrics reader_;
};

}  // namespace fairway
