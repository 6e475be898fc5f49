#include <future>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "tests/support/queries.h"

// Reverting a batch, under races and lost connections.
namespace fairway {
namespace {

class BatchReversalTest : public PostgresBatchStoreTest {
 protected:
  BatchReversalTest() {
    const BatchClaim claim = store_.Claim(key_, "", Soon()).value();
    FAIRWAY_EXPECT_OK(claim.writer->Append(Run()));
    FAIRWAY_EXPECT_OK(claim.writer->Commit(Content(), locations_));
  }
  int64_t WaitingSessions() {
    return testing::QueryInt(database_.options(),
                             "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND wait_event_type = 'Lock'");
  }
};

TEST_F(BatchReversalTest, OfTwoAtOnceOneMakesAVersion) {
  const auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(holder->Execute("BEGIN; SELECT 1 FROM fairway.dataset FOR UPDATE"));
  const auto revert = [this] { return store_.Revert(key_, Soon()).value(); };
  std::future<BatchReversal> one = std::async(std::launch::async, revert);
  std::future<BatchReversal> other = std::async(std::launch::async, revert);
  EXPECT_TRUE(Eventually([&] { return WaitingSessions() == 2; }));
  FAIRWAY_ASSERT_OK(holder->Execute("ROLLBACK"));
  const BatchReversal first = one.get();
  const BatchReversal second = other.get();
  EXPECT_NE(first.replayed, second.replayed);
  EXPECT_EQ(first.batch.reverted_version, second.batch.reverted_version);
  EXPECT_EQ(Version(), 2);
}

TEST_F(BatchReversalTest, OneWithoutAnAnswerIsRepeated) {
  proxy_.CutWhenClientSends("; COMMIT", testing::FaultProxy::Moment::kAfterAnswer);
  EXPECT_EQ(ReasonOf(store_with_bad_pool_.Revert(key_, Soon()).status()),
            reasons::kDatabaseUnavailable);
  EXPECT_TRUE(Eventually([&] { return Version() == 2; }));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchReversal again, store_.Revert(key_, Soon()));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(Version(), 2);
}

}  // namespace
}  // namespace fairway
