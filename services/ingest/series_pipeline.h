#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "libs/series/series_run.h"
#include "libs/storage/batch_store.h"
#include "services/ingest/batch_intake.h"
#include "services/ingest/lane_counter.h"

namespace fairway::ingest {

// Writes one run while the next one is being filled. Two runs are in memory, never more: a slow
// store slows the caller. Owns its thread, borrows the writer. For one calling thread.
class SeriesPipeline final : public RunSink {
 public:
  explicit SeriesPipeline(BatchWriter* writer);
  ~SeriesPipeline() override;

  // Sorts what the builder holds and hands it on; waits while both runs are taken. What failed in
  // writing shows at a later call.
  absl::Status Take(SeriesRunBuilder& builder) override;

  // Waits until everything is written. The writer is free afterwards.
  absl::Status Finish();

  // Different lanes handed on up to here; kLanesUncounted when they are too many to remember.
  int64_t lane_count() const { return lanes_.count().value_or(kLanesUncounted); }

 private:
  void Write();
  absl::Status AwaitWritten(std::unique_lock<std::mutex>& lock)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Stop();

  BatchWriter* const writer_;
  std::array<SeriesRun, 2> runs_;
  size_t next_run_ = 0;
  LaneCounter lanes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const SeriesRun* pending_ ABSL_GUARDED_BY(mutex_) = nullptr;  // Until it is written.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::ingest
