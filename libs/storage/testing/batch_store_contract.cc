#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const BatchKey kKey = {"acme", "batch-1"};

RowErrorSummary ErrorsOf(int count) {
  RowErrorSummary errors{.error_count = count, .bad_row_count = count};
  errors.count_by_reason[static_cast<size_t>(RowErrorReason::kUnknownPort)] = count;
  for (int i = 0; i < count; ++i) {
    errors.first_errors.push_back({i * 10, "origin", RowErrorReason::kUnknownPort,
                                   i == 0 ? "tab\tquote\"back\\slash é" : absl::StrCat("P", i)});
  }
  return errors;
}

TEST_P(StoreContract, ACommitIsOneVersionAndItsReceiptIsForEver) {
  ImportWorld();
  const BatchRecord record = CommitBatch(kKey, TwoLanes());
  EXPECT_EQ(record.key, kKey);
  EXPECT_EQ(record.state, BatchState::kCommitted);
  EXPECT_EQ(record.label, "a label");
  EXPECT_EQ(record.content, ContentOf(TwoLanes()));
  EXPECT_EQ(record.committed_version->number, 2);
  EXPECT_GE(record.commit_time, record.create_time);

  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim again, batches().Claim(kKey, "other", Soon()));
  EXPECT_EQ(again.writer, nullptr);
  ASSERT_TRUE(again.settled.has_value());
  EXPECT_EQ(again.settled->committed_version, record.committed_version);
  EXPECT_EQ(again.settled->label, "a label");
  EXPECT_EQ(again.settled->content, record.content);
  EXPECT_EQ(again.settled->commit_time, record.commit_time);
}

TEST_P(StoreContract, NothingIsVisibleBeforeTheCommit) {
  ImportWorld();
  const auto writer = ClaimWriter(kKey);
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  EXPECT_THAT(ReadRates("world", "world"), IsEmpty());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kKey, Soon()));
  EXPECT_EQ(record.state, BatchState::kReceiving);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version.number, 1);
  EXPECT_EQ(dataset.price_count, 0);
}

TEST_P(StoreContract, ALivingAttemptHoldsTheId) {
  ImportWorld();
  auto writer = ClaimWriter(kKey);
  EXPECT_EQ(ReasonOf(batches().Claim(kKey, "", Soon()).status()), reasons::kBatchInProgress);
  FAIRWAY_EXPECT_OK(batches().Claim({"acme", "batch-2"}, "", Soon()));
  FAIRWAY_EXPECT_OK(batches().Claim({"other", "batch-1"}, "", Soon()));
  int swept = 0;
  while (swept < 2) {  // The two that were dropped at once; never the living one.
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const int more, batches().SweepInterrupted(Soon()));
    swept += more;
  }
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  FAIRWAY_EXPECT_OK(writer->Commit(ContentOf(TwoLanes()), LocationsVersion()));
}

TEST_P(StoreContract, AnAttemptThatDiedIsReplaced) {
  ImportWorld();
  auto writer = ClaimWriter(kKey);
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  writer.reset();
  // A store may notice the death of an attempt a moment late.
  absl::StatusOr<BatchClaim> claim = batches().Claim(kKey, "", Soon());
  while (ReasonOf(claim.status()) == reasons::kBatchInProgress) {
    std::this_thread::yield();
    claim = batches().Claim(kKey, "", Soon());
  }
  FAIRWAY_ASSERT_OK(claim);
  FAIRWAY_ASSERT_OK(claim->writer->Append(RunOf(TwoLanes())));
  FAIRWAY_ASSERT_OK(claim->writer->Commit(ContentOf(TwoLanes()), LocationsVersion()));
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 2 200"));
}

TEST_P(StoreContract, TheSweepEndsAttemptsThatDied) {
  ImportWorld();
  auto writer = ClaimWriter(kKey);
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  writer.reset();
  int swept = 0;
  while (swept == 0) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(swept, batches().SweepInterrupted(Soon()));
  }
  EXPECT_EQ(swept, 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kKey, Soon()));
  EXPECT_EQ(record.state, BatchState::kFailed);
  EXPECT_EQ(record.failure_reason, reasons::kUploadInterrupted);
  EXPECT_THAT(batches().SweepInterrupted(Soon()), IsOkAndHolds(0));
  CommitBatch(kKey, TwoLanes());
}

TEST_P(StoreContract, AFailureKeepsTheBeginningOfALongMessage) {
  const std::string message(limits::kFailureMessageBytesMax - 1, 'x');
  FAIRWAY_ASSERT_OK(ClaimWriter(kKey)->End(
      BatchState::kFailed, absl::InternalError(absl::StrCat(message, "é, cut")), {}, {}));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kKey, Soon()));
  EXPECT_EQ(record.failure_message, message);
}

TEST_P(StoreContract, AFailedAttemptKeepsItsErrorsAndFreesTheId) {
  ImportWorld();
  const RowErrorSummary errors = ErrorsOf(25);
  FAIRWAY_ASSERT_OK(ClaimWriter(kKey)->End(
      BatchState::kFailed, BatchHasInvalidRowsError(kKey, errors), {.row_count = 1000}, errors));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kKey, Soon()));
  EXPECT_EQ(record.state, BatchState::kFailed);
  EXPECT_EQ(record.failure_reason, reasons::kBatchHasInvalidRows);
  EXPECT_EQ(record.failure_message, BatchHasInvalidRowsError(kKey, errors).message());
  EXPECT_EQ(record.content.row_count, 1000);
  EXPECT_EQ(record.error_count, 25);
  EXPECT_EQ(record.bad_row_count, 25);
  EXPECT_EQ(record.error_count_by_reason, errors.count_by_reason);
  EXPECT_EQ(record.committed_version, std::nullopt);

  CommitBatch(kKey, TwoLanes());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage page,
                               batches().ListErrors(kKey, std::nullopt, 10, Soon()));
  EXPECT_EQ(page.batch.state, BatchState::kCommitted);
  EXPECT_THAT(page.errors, IsEmpty()) << "the errors were those of the last attempt";
}

TEST_P(StoreContract, RowErrorsArePagedInRowOrder) {
  const RowErrorSummary errors = ErrorsOf(25);
  FAIRWAY_ASSERT_OK(ClaimWriter(kKey)->End(BatchState::kFailed,
                                           BatchHasInvalidRowsError(kKey, errors), {}, errors));
  std::vector<RowError> all;
  std::optional<int64_t> next;
  std::vector<size_t> sizes;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage page,
                                 batches().ListErrors(kKey, next, 10, Soon()));
    EXPECT_EQ(page.stored_error_count, 25);
    EXPECT_EQ(page.batch.error_count, 25);
    all.insert(all.end(), page.errors.begin(), page.errors.end());
    sizes.push_back(page.errors.size());
    next = page.next;
  } while (next);
  EXPECT_THAT(sizes, ElementsAre(10, 10, 5));
  EXPECT_EQ(all, errors.first_errors);
}

TEST_P(StoreContract, ACancelledAttemptSaysSo) {
  ImportWorld();
  auto writer = ClaimWriter(kKey);
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  FAIRWAY_ASSERT_OK(writer->End(BatchState::kCancelled, CancelledError(), {.row_count = 3}, {}));
  writer.reset();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kKey, Soon()));
  EXPECT_EQ(record.state, BatchState::kCancelled);
  EXPECT_EQ(record.content.row_count, 3);
  EXPECT_THAT(ReadRates("world", "world"), IsEmpty());
}

TEST_P(StoreContract, ACommitComparesWhatIsStoredWithWhatWasReceived) {
  ImportWorld();
  for (const int difference : {1, -1}) {
    const auto writer = ClaimWriter({"acme", absl::StrCat("differs-by", difference)});
    FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
    BatchContent content = ContentOf(TwoLanes());
    content.row_count += difference;
    EXPECT_THAT(writer->Commit(content, LocationsVersion()), StatusIs(absl::StatusCode::kInternal));
  }
  EXPECT_THAT(ReadRates("world", "world"), IsEmpty());
}

TEST_P(StoreContract, ACommitCountsTheLanesThatItsWriterDidNot) {
  ImportWorld();
  const auto writer = ClaimWriter(kKey);
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(TwoLanes())));
  BatchContent content = ContentOf(TwoLanes());
  content.row_count *= 2;
  content.lane_count = kLanesUncounted;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record,
                               writer->Commit(content, LocationsVersion()));
  EXPECT_EQ(record.content.lane_count, 2);
}

TEST_P(StoreContract, UnknownBatchesAreNotFound) {
  EXPECT_EQ(ReasonOf(batches().Get(kKey, Soon()).status()), reasons::kBatchNotFound);
  EXPECT_EQ(ReasonOf(batches().ListErrors(kKey, std::nullopt, 10, Soon()).status()),
            reasons::kBatchNotFound);
}

TEST_P(StoreContract, BatchesAreListedNewestFirstInPages) {
  ImportWorld();
  for (int i = 0; i < 5; ++i) CommitBatch({"acme", absl::StrCat("batch-", i)}, TwoLanes());
  std::vector<std::string> ids;
  std::optional<int64_t> next;
  int pages = 0;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchPage page, batches().List({}, next, 2, Soon()));
    for (const BatchRecord& batch : page.batches) ids.push_back(batch.key.batch_id);
    next = page.next;
    ++pages;
  } while (next);
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(ids, ElementsAre("batch-4", "batch-3", "batch-2", "batch-1", "batch-0"));
}

TEST_P(StoreContract, BatchesAreFiltered) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, TwoLanes());
  FAIRWAY_ASSERT_OK(
      ClaimWriter({"acme", "batch-2"})->End(BatchState::kCancelled, CancelledError(), {}, {}));
  const BatchRecord last = CommitBatch({"other", "batch-3"}, TwoLanes());
  const auto ids = [&](const BatchFilter& filter) {
    std::vector<std::string> found;
    const absl::StatusOr<BatchPage> page = batches().List(filter, std::nullopt, 10, Soon());
    EXPECT_THAT(page, IsOk());
    for (const BatchRecord& batch : page->batches) found.push_back(batch.key.batch_id);
    return found;
  };
  EXPECT_THAT(ids({.partner = "acme"}), ElementsAre("batch-2", "batch-1"));
  EXPECT_THAT(ids({.states = {BatchState::kCommitted}}), ElementsAre("batch-3", "batch-1"));
  EXPECT_THAT(ids({.states = {BatchState::kCommitted, BatchState::kCancelled}}),
              ElementsAre("batch-3", "batch-2", "batch-1"));
  EXPECT_THAT(ids({.partner = "acme", .states = {BatchState::kCancelled}}), ElementsAre("batch-2"));
  EXPECT_THAT(ids({.created_from = last.create_time}), ElementsAre("batch-3"));
  EXPECT_THAT(ids({.created_before = last.create_time}), ElementsAre("batch-2", "batch-1"));
}

}  // namespace
}  // namespace fairway::testing
