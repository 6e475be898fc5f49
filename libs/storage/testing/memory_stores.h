#pragma once

#include "libs/base/clock.h"
#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_commit_log.h"
#include "libs/storage/testing/memory_dataset_source.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {

// The memory fakes of all contracts over one data set.
class MemoryStores final : public StoresUnderTest {
 public:
  MemoryStores() = default;
  explicit MemoryStores(const Clock* clock) : dataset_(clock) {}

  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }
  MemoryDatasetSource& source() override { return source_; }
  CommitLog& commits() override { return commits_; }
  void Backup() override {
    const std::lock_guard lock(dataset_.mutex);
    backup_ = dataset_.content;
  }
  void Restore() override {
    const std::lock_guard lock(dataset_.mutex);
    dataset_.content = backup_;
    dataset_.changed.notify_all();
  }
  void ForgetCommits(DatasetVersion first, DatasetVersion last) override {
    const std::lock_guard lock(dataset_.mutex);
    for (DatasetVersion version = first; version <= last; ++version) {
      dataset_.content.commits.erase(version);
    }
  }

 private:
  const SystemClock clock_;
  MemoryDataset dataset_{&clock_};
  MemoryDatasetContent backup_;
  MemoryLocationStore locations_{&dataset_};
  MemoryBatchStore batches_{&dataset_};
  MemoryRateReader rates_{&dataset_};
  MemoryDatasetSource source_{&dataset_};
  MemoryCommitLog commits_{&dataset_};
};

}  // namespace fairway::testing
