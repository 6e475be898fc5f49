#include "services/cli/transfer/committed_batch.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "services/cli/transfer/testing/fake_ingest.h"

namespace fairway::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::BatchHeader HeaderWithDigest(const std::string& digest) {
  v1::BatchHeader header;
  header.set_partner("acme");
  header.set_batch_id("dump-1");
  header.set_declared_digest(digest);
  return header;
}

v1::Batch BatchWith(const std::string& batch_id, v1::BatchState state, const std::string& digest) {
  v1::Batch batch;
  batch.set_partner("acme");
  batch.set_batch_id(batch_id);
  batch.set_state(state);
  batch.set_digest(digest);
  return batch;
}

std::string ReasonFor(v1::BatchState state, const std::string& digest) {
  FakeIngest ingest;
  ingest.AddBatch(BatchWith("dump-1", state, digest));
  return ReasonOf(CheckCanCommit(ingest.session(), HeaderWithDigest("d")));
}

TEST(CheckCanCommitTest, DependsOnStateAndDigest) {
  FakeIngest ingest;
  FAIRWAY_EXPECT_OK(CheckCanCommit(ingest.session(), HeaderWithDigest("d")));
  EXPECT_EQ(ReasonFor(v1::BATCH_STATE_COMMITTED, "d"), "");
  EXPECT_EQ(ReasonFor(v1::BATCH_STATE_COMMITTED, "e"), reasons::kBatchIdContentMismatch);
  EXPECT_EQ(ReasonFor(v1::BATCH_STATE_FAILED, "e"), "");
  EXPECT_EQ(ReasonFor(v1::BATCH_STATE_RECEIVING, ""), reasons::kBatchInProgress);
  EXPECT_EQ(ReasonFor(v1::BATCH_STATE_REVERTED, "d"), reasons::kBatchReverted);
  EXPECT_EQ(ReasonFor(static_cast<v1::BatchState>(99), "d"), "") << "of a newer release";
}

std::string WarningFor(const v1::Batch& other) {
  FakeIngest ingest;
  ingest.AddBatch(other);
  ::testing::internal::CaptureStderr();
  WarnOfSameContent(ingest.session(), BatchWith("new", v1::BATCH_STATE_COMMITTED, "d"));
  return ::testing::internal::GetCapturedStderr();
}

TEST(WarnOfSameContentTest, LooksAtTheNewestCommittedBatchesOfThePartner) {
  FakeIngest ingest;
  WarnOfSameContent(ingest.session(), BatchWith("new", v1::BATCH_STATE_COMMITTED, "d"));
  ASSERT_EQ(ingest.list_requests().size(), 1);
  const v1::ListBatchesRequest request = ingest.list_requests()[0];
  EXPECT_EQ(request.partner(), "acme");
  EXPECT_EQ(request.page_size(), limits::kPageSizeMax);
  ASSERT_EQ(request.states_size(), 1);
  EXPECT_EQ(request.states(0), v1::BATCH_STATE_COMMITTED);
}

TEST(WarnOfSameContentTest, NamesAnotherBatchWithTheSameDigest) {
  EXPECT_THAT(WarningFor(BatchWith("old", v1::BATCH_STATE_COMMITTED, "d")), HasSubstr("acme/old"));
  EXPECT_THAT(WarningFor(BatchWith("old", v1::BATCH_STATE_COMMITTED, "e")), IsEmpty());
  EXPECT_THAT(WarningFor(BatchWith("new", v1::BATCH_STATE_COMMITTED, "d")), IsEmpty())
      << "the batch itself";
}

}  // namespace
}  // namespace fairway::cli
