#include "services/ingest/get_batch.h"

#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "services/ingest/testing/ended_batches.h"

namespace fairway::ingest {
namespace {

using GetBatchTest = EndedBatchesFixture;

TEST_F(GetBatchTest, FindsABatchByBothPartsOfItsKey) {
  EndBatch("batch-1", 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord batch,
                               GetBatch(batches_, {"acme", "batch-1"}, Soon()));
  EXPECT_EQ(batch.state, BatchState::kFailed);
  EXPECT_EQ(batch.error_count, 2);
  EXPECT_EQ(ReasonOf(GetBatch(batches_, {"acme", "batch-2"}, Soon()).status()),
            reasons::kBatchNotFound);
  EXPECT_EQ(ReasonOf(GetBatch(batches_, {"other", "batch-1"}, Soon()).status()),
            reasons::kBatchNotFound);
}

}  // namespace
}  // namespace fairway::ingest
