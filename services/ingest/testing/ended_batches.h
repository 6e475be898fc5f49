#pragma once

#include <string>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/memory_batch_store.h"

namespace fairway::ingest {

// Batches that have ended, in the memory store.
class EndedBatchesFixture : public ::testing::Test {
 protected:
  // A batch of acme's that failed with so many bad rows.
  void EndBatch(const std::string& batch_id, int errors) {
    RowErrorSummary summary{.error_count = errors, .bad_row_count = errors};
    for (int i = 0; i < errors; ++i) {
      summary.first_errors.push_back({i, "price", RowErrorReason::kPriceOutOfRange, "0"});
    }
    const auto claim = batches_.Claim({"acme", batch_id}, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->End(BatchState::kFailed, CancelledError(), {}, summary));
  }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryBatchStore batches_{&dataset_};
};

}  // namespace fairway::ingest
