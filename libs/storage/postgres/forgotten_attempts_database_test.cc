#include <optional>
#include <string>

#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/storage/postgres/testing/attempt_fixture.h"

// What is kept of attempts that failed, and for how long.
namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::QueryText;

using ForgottenAttemptsTest = AttemptFixture;

const BatchKey kFirst = {"acme", "batch-1"};

TEST_F(ForgottenAttemptsTest, AttemptsThatFailedAreForgottenAfterAMonth) {
  const BatchKey younger = {"acme", "batch-2"};
  Fail(kFirst);
  Fail(younger);
  Sql("UPDATE fairway.batches SET create_time = now() - CASE batch_id WHEN 'batch-1' "
      "THEN interval '31 days' ELSE interval '29 days' END");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(ReasonOf(store_.Get(kFirst, Soon()).status()), reasons::kBatchNotFound);
  FAIRWAY_EXPECT_OK(store_.Get(younger, Soon()));
  EXPECT_EQ(Count("fairway.batch_errors"), 1);
}

// No sweep has to come for that.
TEST_F(ForgottenAttemptsTest, ErrorsBeyondTheShareGoWhenOthersAreStored) {
  Fail({"acme", "batch-1"});
  Fail({"acme", "batch-2"});
  Fail({"other", "batch-1"});
  Sql("UPDATE fairway.batches SET error_count = 50000, stored_error_count = 50000");
  Fail({"acme", "batch-3"});
  EXPECT_EQ(QueryText(database_.options(),
                      "SELECT string_agg(partner || '/' || batch_id, ' ' ORDER BY id) "
                      "FROM fairway.batches WHERE id IN (SELECT batch FROM fairway.batch_errors)"),
            "acme/batch-2 other/batch-1 acme/batch-3");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage dropped,
                               store_.ListErrors({"acme", "batch-1"}, std::nullopt, 10, Soon()));
  EXPECT_EQ(dropped.stored_error_count, 0);
  EXPECT_EQ(dropped.batch.error_count, 50'000) << "totals stay";
}

TEST_F(ForgottenAttemptsTest, TheOldestErrorsOfAPartnerGoFirstAndTheirTotalsStay) {
  for (const char* const id : {"batch-1", "batch-2", "batch-3"}) Fail({"acme", id});
  Fail({"other", "batch-1"});
  Sql("UPDATE fairway.batches SET error_count = 50000, stored_error_count = 50000");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  const auto stored = [this](const BatchKey& key) {
    return store_.ListErrors(key, std::nullopt, 10, Soon())->errors.size();
  };
  EXPECT_EQ(stored({"acme", "batch-1"}), 0);
  EXPECT_EQ(stored({"acme", "batch-2"}), 1);
  EXPECT_EQ(stored({"acme", "batch-3"}), 1);
  EXPECT_EQ(stored({"other", "batch-1"}), 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, store_.Get({"acme", "batch-1"}, Soon()));
  EXPECT_EQ(record.error_count, 50'000);
  // What an earlier release stored was not counted, and is at most what was wrong.
  Sql("UPDATE fairway.batches SET stored_error_count = NULL, error_count = 150000 "
      "WHERE partner = 'acme' AND batch_id <> 'batch-1'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(stored({"acme", "batch-2"}), 0);
  EXPECT_EQ(stored({"acme", "batch-3"}), 1) << "the last attempt's stay";
}

}  // namespace
}  // namespace fairway
