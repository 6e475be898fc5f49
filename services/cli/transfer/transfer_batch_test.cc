#include "services/cli/transfer/transfer_batch.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/price_files/testing/temp_folder.h"
#include "services/cli/transfer/testing/fake_ingest.h"
#include "services/cli/transfer/testing/memory_source.h"

namespace fairway::cli {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kPrices =
    "origin,destination,day,price\nCNSHA,NLRTM,2026-01-01,5\n\nCNSHA,NLRTM,2026-01-02,6\n";

v1::Batch BatchInState(v1::BatchState state) {
  v1::Batch batch;
  batch.set_partner("acme");
  batch.set_batch_id("derived-id");
  batch.set_state(state);
  batch.set_row_count(2);
  batch.set_committed_version(3);
  return batch;
}

absl::Status InvalidDay() {
  RowErrorSummary errors = {.error_count = 1, .bad_row_count = 1};
  errors.count_by_reason[static_cast<int>(RowErrorReason::kBadDate)] = 1;
  errors.first_errors = {
      {.row_index = 1, .field = "day", .reason = RowErrorReason::kBadDate, .value = "x"}};
  return BatchHasInvalidRowsError({"acme", "derived-id"}, errors);
}

class TransferBatchTest : public ::testing::Test {
 protected:
  TransferBatchTest() {
    request_.partner = "acme";
    request_.label = "q1";
    request_.retry.first_pause = absl::Milliseconds(1);
    request_.retry.pause_max = absl::Milliseconds(2);
    v1::RowError error;
    error.set_row_index(1);
    error.set_field("day");
    error.set_reason(v1::ROW_ERROR_REASON_BAD_DATE);
    error.set_value("x");
    ingest_.AddRowError(error, 3);
  }

  absl::StatusOr<v1::UploadBatchResponse> Transfer() {
    return TransferBatch(ingest_.session(), source_, request_);
  }

  FakeIngest ingest_;
  MemorySource source_{kPrices};
  TransferRequest request_;
};

TEST_F(TransferBatchTest, SendsAllRowsUnderTheDerivedId) {
  request_.rows = 2;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const v1::UploadBatchResponse response, Transfer());
  EXPECT_FALSE(response.replayed());
  ASSERT_THAT(ingest_.uploads(), SizeIs(1));
  const FakeIngest::Upload upload = ingest_.uploads()[0];
  EXPECT_EQ(upload.header.partner(), "acme");
  EXPECT_EQ(upload.header.batch_id(), "derived-id");
  EXPECT_EQ(upload.header.label(), "q1");
  EXPECT_EQ(upload.header.declared_row_count(), 2);
  EXPECT_EQ(upload.row_count, 2);
  EXPECT_TRUE(upload.has_end);
  EXPECT_EQ(upload.end_row_count, 2);
  EXPECT_EQ(ingest_.session().done(), "batch acme/derived-id is committed at version 7");
}

TEST_F(TransferBatchTest, DeclaresTheCountOfTheSourceAndHasTimeEnough) {
  source_.declared_digest = "a digest";
  FAIRWAY_ASSERT_OK(Transfer());
  ASSERT_THAT(ingest_.uploads(), SizeIs(1));
  EXPECT_EQ(ingest_.uploads()[0].header.declared_digest(), "a digest");
  EXPECT_LE(ingest_.uploads()[0].time_left, std::chrono::minutes(31));
  EXPECT_GE(ingest_.uploads()[0].time_left, std::chrono::minutes(20));
}

TEST_F(TransferBatchTest, WarnsOfTheSameContentUnlessItIsAReplay) {
  v1::Batch other = BatchInState(v1::BATCH_STATE_COMMITTED);
  other.set_batch_id("other-id");
  other.set_digest("digest-of-the-upload");
  ingest_.AddBatch(other);
  ::testing::internal::CaptureStderr();
  FAIRWAY_EXPECT_OK(Transfer());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("acme/other-id"));
  EXPECT_THAT(ingest_.list_requests(), SizeIs(1));
  ingest_.AddBatch(BatchInState(v1::BATCH_STATE_COMMITTED));
  FAIRWAY_EXPECT_OK(Transfer());
  EXPECT_THAT(ingest_.list_requests(), SizeIs(1));
}

TEST_F(TransferBatchTest, FieldsOfOtherErrorsStayAsTheyAre) {
  ingest_.AddOutcome(MakeError(absl::StatusCode::kInvalidArgument, "bad",
                               {.reason = "X", .field_violations = {{"rows[0]", "invalid"}}}));
  const absl::Status status = Transfer().status();
  ASSERT_THAT(DetailsOf(status).field_violations, SizeIs(1));
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "rows[0]");
}

TEST_F(TransferBatchTest, TheEndCountsTheRowsOfEveryChunk) {
  std::string csv = "origin,destination,day,price\n";
  for (int i = 0; i < 40'000; ++i) absl::StrAppend(&csv, "CNSHA,NLRTM,2026-01-01,5\n");
  MemorySource source(csv);
  FAIRWAY_ASSERT_OK(TransferBatch(ingest_.session(), source, request_));
  ASSERT_THAT(ingest_.uploads(), SizeIs(1));
  const FakeIngest::Upload upload = ingest_.uploads()[0];
  EXPECT_EQ(upload.row_count, 40'000);
  EXPECT_EQ(upload.end_row_count, 40'000);
  EXPECT_EQ(upload.chunk_count, 3) << "of 16,384 rows";
}

TEST_F(TransferBatchTest, LongTextsMakeSmallerChunks) {
  std::string csv = "origin,destination,day,price\n";
  for (int i = 0; i < 3'000; ++i) {
    absl::StrAppend(&csv, std::string(4'000, 'x'), ",NLRTM,2026-01-01,5\n");
  }
  MemorySource source(csv);
  FAIRWAY_ASSERT_OK(TransferBatch(ingest_.session(), source, request_));
  ASSERT_THAT(ingest_.uploads(), SizeIs(1));
  const FakeIngest::Upload upload = ingest_.uploads()[0];
  EXPECT_EQ(upload.end_row_count, 3'000);
  EXPECT_LT(upload.largest_bytes, limits::kMessageBytesMax);
}

TEST_F(TransferBatchTest, AFullChunkIsFollowedByNoEmptyOne) {
  std::string csv = "origin,destination,day,price\n";
  for (int i = 0; i < 16'384; ++i) absl::StrAppend(&csv, "CNSHA,NLRTM,2026-01-01,5\n");
  MemorySource source(csv);
  FAIRWAY_ASSERT_OK(TransferBatch(ingest_.session(), source, request_));
  EXPECT_EQ(ingest_.uploads()[0].chunk_count, 1);
}

TEST_F(TransferBatchTest, ACommittedBatchIsNotReadAgain) {
  ingest_.AddBatch(BatchInState(v1::BATCH_STATE_COMMITTED));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const v1::UploadBatchResponse response, Transfer());
  EXPECT_TRUE(response.replayed());
  EXPECT_EQ(source_.open_count, 0);
  EXPECT_THAT(ingest_.uploads(), IsEmpty());
  EXPECT_EQ(ingest_.session().done(), "batch acme/derived-id is committed at version 3");
}

// The service compares the row counts, and refuses.
TEST_F(TransferBatchTest, ACommittedBatchWithAnotherRowCountIsSent) {
  ingest_.AddBatch(BatchInState(v1::BATCH_STATE_COMMITTED));
  ingest_.AddOutcome(ContentIncompleteError("header.declared_row_count", "5", "2"));
  request_.rows = 5;
  EXPECT_THAT(Transfer(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(ingest_.uploads(), SizeIs(1));
}

// The same id may name other content: only the service can compare it.
TEST_F(TransferBatchTest, AGivenIdIsAlwaysSent) {
  ingest_.AddBatch(BatchInState(v1::BATCH_STATE_COMMITTED));
  request_.batch_id = "derived-id";
  FAIRWAY_EXPECT_OK(Transfer());
  EXPECT_THAT(ingest_.uploads(), SizeIs(1));
  EXPECT_EQ(ingest_.get_batch_count(), 0);
}

TEST_F(TransferBatchTest, AnUnfinishedBatchIsSentAgain) {
  for (const v1::BatchState state : {v1::BATCH_STATE_RECEIVING, v1::BATCH_STATE_FAILED}) {
    FakeIngest ingest;
    ingest.AddBatch(BatchInState(state));
    FAIRWAY_EXPECT_OK(TransferBatch(ingest.session(), source_, request_)) << state;
    EXPECT_THAT(ingest.uploads(), SizeIs(1)) << state;
  }
}

TEST_F(TransferBatchTest, ARevertedBatchIsRefused) {
  ingest_.AddBatch(BatchInState(v1::BATCH_STATE_REVERTED));
  EXPECT_EQ(ReasonOf(Transfer().status()), reasons::kBatchReverted);
  EXPECT_EQ(source_.open_count, 0);
}

TEST_F(TransferBatchTest, ARetryStartsAtTheBeginning) {
  ingest_.AddOutcome(DrainingError());
  ingest_.AddOutcome(BatchInProgressError({"acme", "derived-id"}));
  FAIRWAY_EXPECT_OK(Transfer());
  ASSERT_THAT(ingest_.uploads(), SizeIs(3));
  for (const FakeIngest::Upload& upload : ingest_.uploads()) {
    EXPECT_EQ(upload.row_count, 2);
    EXPECT_TRUE(upload.has_end);
  }
  EXPECT_EQ(source_.open_count, 3);
}

TEST_F(TransferBatchTest, APipeIsSentOnce) {
  source_.can_be_read_again = false;
  ingest_.AddOutcome(DrainingError());
  EXPECT_THAT(Transfer(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(source_.open_count, 1);
}

TEST_F(TransferBatchTest, WithoutItsEndAFileIsNotCommitted) {
  std::string csv = "origin,destination,day,price\n";
  for (int i = 0; i < 40'000; ++i) absl::StrAppend(&csv, "CNSHA,NLRTM,2026-01-01,5\n");
  MemorySource source(csv + "CNSHA,NLRTM,2026-01-01,\"5\n");
  const auto response = TransferBatch(ingest_.session(), source, request_);
  EXPECT_EQ(ReasonOf(response.status()), "FILE_CONTENT");
  for (const FakeIngest::Upload& upload : ingest_.uploads()) EXPECT_FALSE(upload.has_end);
  EXPECT_EQ(ingest_.session().done(), "");
}

TEST_F(TransferBatchTest, InvalidRowsAreReportedByLine) {
  const price_files::TempFolder folder;
  request_.error_report = folder.Path("report.csv");
  source_.sets_aside = true;
  ingest_.AddOutcome(InvalidDay());
  ::testing::internal::CaptureStderr();
  const absl::Status status = Transfer().status();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("BAD_DATE (1): "), HasSubstr("errors by line: " + folder.path())));
  EXPECT_EQ(ReasonOf(status), reasons::kBatchHasInvalidRows);
  EXPECT_THAT(DetailsOf(status).field_violations, SizeIs(1));
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "line 4, day");
  const std::string report =
      "row_index,line,field,reason,value\n1,4,day,BAD_DATE,x\n,,,BAD_DATE,and 2 more\n";
  EXPECT_EQ(folder.Read(request_.error_report), report);
  EXPECT_THAT(source_.reports, ElementsAre(report));
}

// A newer service may name fields in another way.
TEST_F(TransferBatchTest, FieldsOfAnyFormAreAccepted) {
  ErrorDetails details = {.reason = std::string(reasons::kBatchHasInvalidRows)};
  for (const char* field : {"rows[0]", "rows[1].", "rows[99].day", "rows[", "rows[]", "rows[x].day",
                            "rows", "", "rows]1["}) {
    details.field_violations.push_back({field, "invalid"});
  }
  ingest_.AddOutcome(MakeError(absl::StatusCode::kInvalidArgument, "bad", details));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(Transfer().status()).field_violations) {
    fields.push_back(violation.field);
  }
  EXPECT_THAT(fields, ElementsAre("line 2", "line 4", "row 99, day", "rows[", "rows[]",
                                  "rows[x].day", "rows", "", "rows]1["));
}

TEST_F(TransferBatchTest, OnlyContentErrorsAreReported) {
  source_.sets_aside = true;
  ingest_.AddOutcome(BatchIdContentMismatchError({"acme", "derived-id"}, "a", "b"));
  EXPECT_THAT(Transfer(), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(source_.reports, IsEmpty());
}

// So that the next run reports the content.
TEST_F(TransferBatchTest, AReportThatMayBeRetriedDecidesTheStatus) {
  source_.sets_aside = true;
  source_.set_aside_status = absl::UnavailableError("S3 is away");
  ingest_.AddOutcome(InvalidDay());
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(Transfer(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("S3 is away")));
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("(BATCH_HAS_INVALID_ROWS)"));
}

TEST_F(TransferBatchTest, AReportThatFailsForGoodDoesNotHideTheError) {
  source_.sets_aside = true;
  source_.set_aside_status = absl::PermissionDeniedError("no");
  ingest_.AddOutcome(InvalidDay());
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(ReasonOf(Transfer().status()), reasons::kBatchHasInvalidRows);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("the report cannot be stored: no"));
}

}  // namespace
}  // namespace fairway::cli
