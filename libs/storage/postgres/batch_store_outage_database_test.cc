#include <pqxx/connection>
#include <pqxx/notification>

#include <future>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "tests/support/queries.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::QueryInt;

TEST_F(PostgresBatchStoreTest, ACommitInDoubtIsResolvedBeforeItReturns) {
  for (const auto moment :
       {FaultProxy::Moment::kBeforeDelivery, FaultProxy::Moment::kAfterAnswer}) {
    const BatchKey key = {"acme", absl::StrCat("batch-", static_cast<int>(moment))};
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim,
                                 store_with_bad_pool_.Claim(key, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    const int64_t version = Version();
    proxy_.CutWhenClientSends("; COMMIT", moment);
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record,
                                 claim.writer->Commit(Content(), locations_));
    EXPECT_EQ(record.committed_version->number, version + 1)
        << "once, whatever became of the first COMMIT";
    EXPECT_EQ(Version(), version + 1);
  }
}

TEST_F(PostgresBatchStoreTest, ACommitOutlivesADatabaseThatIsAwayForAMoment) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim,
                               store_with_bad_pool_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  proxy_.Refuse();
  std::thread healer([&] {
    absl::SleepFor(absl::Milliseconds(700));  // The fault itself: an outage of this length.
    proxy_.Pass();
  });
  FAIRWAY_EXPECT_OK(claim.writer->Commit(Content(), locations_));
  healer.join();
  EXPECT_EQ(Version(), 1);
}

TEST_F(PostgresBatchStoreTest, ALostSessionStoresNothingAndFreesTheId) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, store_with_bad_session_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  proxy_.CutAll();
  const absl::Status status = claim.writer->Commit(Content(), locations_).status();
  EXPECT_EQ(ReasonOf(status), reasons::kDatabaseUnavailable);
  EXPECT_NE(CauseOf(status), "");
  claim.writer.reset();
  absl::StatusOr<BatchClaim> again = store_.Claim(key_, "", Soon());
  while (ReasonOf(again.status()) == reasons::kBatchInProgress) {  // Until the server has noticed.
    again = store_.Claim(key_, "", Soon());
  }
  FAIRWAY_ASSERT_OK(again);
  EXPECT_EQ(StoredSeries(), 0);
  FAIRWAY_ASSERT_OK(again->writer->Append(Run()));
  FAIRWAY_ASSERT_OK(again->writer->Commit(Content(), locations_));
  EXPECT_EQ(QueryInt(database_.options(), "SELECT sum(price_count) FROM fairway.price_series"),
            1000);
}

// The session the first batch leaves behind is the one the second would use.
TEST_F(PostgresBatchStoreTest, ASilentSessionIsTheDatabasesFailureAndIsNotKept) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim first, store_with_bad_session_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(first.writer->Append(Run()));
  FAIRWAY_ASSERT_OK(first.writer->Commit(Content(), locations_));
  first.writer.reset();
  proxy_.Stall();
  EXPECT_EQ(ReasonOf(store_with_bad_session_.Claim({"acme", "batch-2"}, "", Soon()).status()),
            reasons::kDatabaseUnavailable);
  proxy_.Pass();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim next,
                               store_with_bad_session_.Claim({"acme", "batch-3"}, "", Soon()));
  FAIRWAY_EXPECT_OK(next.writer->Append(Run()));
}

TEST_F(PostgresBatchStoreTest, TimesOutWhileAnotherTransactionHoldsTheDataset) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim,
                               store_.Claim(key_, "", absl::Now() + absl::Seconds(3)));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  const auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(holder->Execute("BEGIN; SELECT 1 FROM fairway.dataset FOR UPDATE"));
  EXPECT_EQ(ReasonOf(claim.writer->Commit(Content(), locations_).status()),
            reasons::kDeadlineExceeded);
  FAIRWAY_ASSERT_OK(holder->Execute("ROLLBACK"));
  EXPECT_EQ(Version(), 0);
}

TEST_F(PostgresBatchStoreTest, AnUnreachableDatabaseIsReported) {
  proxy_.Refuse();
  EXPECT_EQ(ReasonOf(store_with_bad_pool_.Get(key_, Soon()).status()),
            reasons::kDatabaseUnavailable);
  EXPECT_EQ(ReasonOf(store_with_bad_session_.Claim(key_, "", Soon()).status()),
            reasons::kDatabaseUnavailable);
}

}  // namespace
}  // namespace fairway
