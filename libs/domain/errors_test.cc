#include "libs/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"

namespace fairway {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(ErrorDetailsTest, AreReadBackAsTheyWereGiven) {
  const ErrorDetails given = {.reason = "SOME_REASON",
                              .metadata = {{"b", "2"}, {"a", "1"}},
                              .field_violations = {{"rows[10].day", "x"}, {"rows[2].day", "y/z"}},
                              .retry_delay = absl::Milliseconds(1500)};
  const ErrorDetails read = DetailsOf(MakeError(absl::StatusCode::kAborted, "why", given));
  EXPECT_EQ(read.reason, given.reason);
  EXPECT_EQ(read.metadata, given.metadata);
  EXPECT_EQ(read.field_violations, given.field_violations);
  EXPECT_EQ(read.retry_delay, given.retry_delay);
}

TEST(ErrorDetailsTest, AreEmptyForAPlainStatus) {
  const ErrorDetails read = DetailsOf(absl::InternalError("boom"));
  EXPECT_EQ(read.reason, "");
  EXPECT_FALSE(read.retry_delay);
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
}

TEST(ErrorDetailsTest, ACauseIsKeptApart) {
  EXPECT_EQ(CauseOf(DrainingError()), "");
  const absl::Status status = WithCause(DrainingError(), "SIGTERM");
  EXPECT_EQ(CauseOf(status), "SIGTERM");
  EXPECT_EQ(ReasonOf(status), reasons::kDraining);
  EXPECT_EQ(status.message(), DrainingError().message()) << "it is for the log only";
  EXPECT_THAT(DetailsOf(status).metadata, ::testing::IsEmpty());
}

TEST(ErrorDetailsTest, AFieldMayHaveAnyName) {
  const ErrorDetails given = {.field_violations = {{"a/b", "c/d"}}};
  EXPECT_EQ(DetailsOf(MakeError(absl::StatusCode::kAborted, "", given)).field_violations,
            given.field_violations);
}

// Code, reason and fields of an error, as clients act on them.
std::string Outline(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ", ReasonOf(status), " ",
                      absl::StrJoin(FieldsOf(status), ","));
}

TEST(ErrorsTest, WhatARequestIsToBlameForHasItsReasonAndField) {
  EXPECT_EQ(Outline(InvalidDateError("first_date", "x", "y")),
            "INVALID_ARGUMENT INVALID_DATE first_date");
  EXPECT_EQ(Outline(InvalidRangeError("a", "b")), "INVALID_ARGUMENT INVALID_RANGE last_date");
  EXPECT_EQ(Outline(RangeTooLargeError(2'000)), "INVALID_ARGUMENT RANGE_TOO_LARGE last_date");
  EXPECT_EQ(Outline(AnswerTooLargeError(1, 2, 3)), "INVALID_ARGUMENT RANGE_TOO_LARGE last_date");
  EXPECT_EQ(Outline(InvalidLocationError("origin", "x", "y")),
            "INVALID_ARGUMENT INVALID_LOCATION origin");
  EXPECT_EQ(Outline(UnknownParentError("ports[0].parent", "x", "y")),
            "INVALID_ARGUMENT INVALID_LOCATION ports[0].parent");
  EXPECT_EQ(Outline(RegionInItselfError("x", "y")),
            "INVALID_ARGUMENT INVALID_LOCATION regions.parent");
  EXPECT_EQ(Outline(RegionTooDeepError("x", 33)), "INVALID_ARGUMENT INVALID_LOCATION regions.slug");
  EXPECT_EQ(Outline(InvalidBatchIdError("x")), "INVALID_ARGUMENT INVALID_BATCH_ID batch_id");
  EXPECT_EQ(Outline(InvalidPartnerError("x")), "INVALID_ARGUMENT INVALID_PARTNER partner");
  EXPECT_EQ(Outline(InvalidLabelError("x")), "INVALID_ARGUMENT INVALID_LABEL label");
  EXPECT_EQ(Outline(InvalidPageTokenError()), "INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token");
  EXPECT_EQ(Outline(InvalidFilterError("kind", "x")), "INVALID_ARGUMENT INVALID_FILTER kind");
  EXPECT_EQ(Outline(InvalidRequestError("rows", "x")), "INVALID_ARGUMENT INVALID_REQUEST rows");
  EXPECT_EQ(Outline(TooManyRowsError(1)), "INVALID_ARGUMENT TOO_MANY_ROWS rows");
  EXPECT_EQ(Outline(TooManyLanesError(101)), "INVALID_ARGUMENT TOO_MANY_LANES lanes");
  EXPECT_EQ(Outline(TooManyLocationsError(1)), "INVALID_ARGUMENT TOO_MANY_LOCATIONS ports");
  EXPECT_EQ(Outline(BatchEndMissingError()), "INVALID_ARGUMENT BATCH_END_MISSING end");
  EXPECT_EQ(Outline(ContentIncompleteError("end.row_count", "2", "1")),
            "FAILED_PRECONDITION CONTENT_INCOMPLETE end.row_count");
}

TEST(ErrorsTest, WhatTheStateIsToBlameForHasItsCode) {
  const BatchKey key = {"acme", "batch-1"};
  EXPECT_EQ(Outline(BatchHasInvalidRowsError(key, {})), "INVALID_ARGUMENT BATCH_HAS_INVALID_ROWS ");
  EXPECT_EQ(Outline(ReplayHasInvalidRowsError(key, {})),
            "INVALID_ARGUMENT BATCH_HAS_INVALID_ROWS ");
  EXPECT_EQ(Outline(LocationNotFoundError("x")), "NOT_FOUND LOCATION_NOT_FOUND ");
  EXPECT_EQ(Outline(PortIsNoRegionError("x")), "NOT_FOUND LOCATION_NOT_FOUND ");
  EXPECT_EQ(Outline(BatchNotFoundError(key)), "NOT_FOUND BATCH_NOT_FOUND ");
  EXPECT_EQ(Outline(BatchIdContentMismatchError(key, "a", "b")),
            "ALREADY_EXISTS BATCH_ID_CONTENT_MISMATCH ");
  EXPECT_EQ(Outline(BatchInProgressError(key)), "ABORTED BATCH_IN_PROGRESS ");
  EXPECT_EQ(Outline(WriterFencedError(key)), "ABORTED WRITER_FENCED ");
  EXPECT_EQ(Outline(LocationsOfLostHistoryError(key)), "ABORTED WRITER_FENCED ");
  EXPECT_EQ(Outline(UploadInterruptedError()), "ABORTED UPLOAD_INTERRUPTED ");
  EXPECT_EQ(Outline(BatchRevertedError(key)), "FAILED_PRECONDITION BATCH_REVERTED ");
  EXPECT_EQ(Outline(BatchNotCommittedError(key, BatchState::kFailed)),
            "FAILED_PRECONDITION BATCH_NOT_COMMITTED ");
  EXPECT_EQ(Outline(OverloadedError("x")), "UNAVAILABLE OVERLOADED ");
  EXPECT_EQ(Outline(DrainingError()), "UNAVAILABLE DRAINING ");
  EXPECT_EQ(Outline(DatabaseUnavailableError("x")), "UNAVAILABLE DATABASE_UNAVAILABLE ");
  EXPECT_EQ(Outline(VersionNotYetVisibleError(2, 1)), "UNAVAILABLE VERSION_NOT_YET_VISIBLE ");
  EXPECT_EQ(Outline(VersionPurgedError(1)), "OUT_OF_RANGE VERSION_PURGED ");
  EXPECT_EQ(Outline(VersionOfLostHistoryError(1)), "OUT_OF_RANGE VERSION_PURGED ");
  EXPECT_EQ(Outline(VersionUnknownError(2, 1)), "OUT_OF_RANGE VERSION_UNKNOWN ");
  EXPECT_EQ(Outline(DeadlineExceededError()), "DEADLINE_EXCEEDED DEADLINE_EXCEEDED ");
  EXPECT_EQ(Outline(RequestTimedOutError(absl::Seconds(5))),
            "DEADLINE_EXCEEDED DEADLINE_EXCEEDED ");
  EXPECT_EQ(Outline(UploadTimedOutError("x")), "DEADLINE_EXCEEDED UPLOAD_TIMED_OUT ");
  EXPECT_EQ(Outline(CancelledError()), "CANCELLED CANCELLED ");
  EXPECT_EQ(Outline(NotImplementedError("x")), "UNIMPLEMENTED NOT_IMPLEMENTED ");
}

TEST(ErrorsTest, TellWhatTheyAreAbout) {
  const auto metadata = [](const absl::Status& status) { return DetailsOf(status).metadata; };
  const auto partner = Pair("partner", "acme");
  const auto batch_id = Pair("batch_id", "batch-1");
  const BatchKey key = {"acme", "batch-1"};
  EXPECT_THAT(metadata(LocationNotFoundError("USLAX")), ElementsAre(Pair("location", "USLAX")));
  EXPECT_THAT(metadata(PortIsNoRegionError("USLAX")), ElementsAre(Pair("location", "USLAX")));
  EXPECT_THAT(metadata(RegionInItselfError("a", "b")), ElementsAre(Pair("location", "a")));
  EXPECT_THAT(metadata(RegionTooDeepError("a", 33)), ElementsAre(Pair("location", "a")));
  EXPECT_THAT(metadata(VersionNotYetVisibleError(7, 6)),
              ElementsAre(Pair("asked_version", "7"), Pair("held_version", "6")));
  EXPECT_THAT(metadata(ContentIncompleteError("end.digest", "aa", "bb")),
              ElementsAre(Pair("declared", "aa"), Pair("received", "bb")));
  for (const absl::Status& status :
       {BatchNotFoundError(key), BatchInProgressError(key), WriterFencedError(key),
        BatchRevertedError(key), LocationsOfLostHistoryError(key)}) {
    EXPECT_THAT(metadata(status), ElementsAre(partner, batch_id)) << status;
    EXPECT_THAT(status.message(), HasSubstr("batch acme/batch-1")) << status;
  }
}

TEST(ErrorsTest, WhatARetryDoesNotMendHasNoDelay) {
  const BatchKey key = {"acme", "batch-1"};
  for (const absl::Status& status :
       {WriterFencedError(key), BatchRevertedError(key), BatchNotFoundError(key),
        VersionPurgedError(1), VersionUnknownError(2, 1), CancelledError(), DeadlineExceededError(),
        UploadTimedOutError("x"), InvalidPageTokenError()}) {
    EXPECT_EQ(DetailsOf(status).retry_delay, std::nullopt) << status;
  }
}

TEST(ErrorsTest, AFinishedBatchReportsItsState) {
  RowErrorSummary errors;
  errors.error_count = 1;
  errors.bad_row_count = 1;
  const BatchKey key = {"acme", "batch-1"};
  EXPECT_THAT(BatchHasInvalidRowsError(key, errors).message(),
              AllOf(HasSubstr("1 bad row with 1 error in batch"), HasSubstr("nothing was stored")));
  EXPECT_THAT(ReplayHasInvalidRowsError(key, errors).message(),
              AllOf(HasSubstr("other content, which is unchanged"),
                    ::testing::Not(HasSubstr("nothing was stored"))));
}

TEST(ErrorsTest, NameTheFieldToBlame) {
  const absl::Status status = InvalidDateError("first_date", "yesterday", "not a day");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(DetailsOf(status).field_violations, SizeIs(1));
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "first_date");
}

TEST(ErrorsTest, DoNotEchoLongInput) {
  const absl::Status status = InvalidLocationError("origin", std::string(100'000, 'x'), "too long");
  EXPECT_LT(status.message().size(), 200);
}

TEST(ErrorsTest, QuoteInFullWhatIsShort) {
  const std::string longest(limits::kRowErrorValueBytesMax, 'x');
  const auto message = [](const std::string& text) {
    return std::string(InvalidLocationError("origin", text, "why").message());
  };
  EXPECT_EQ(message(longest), absl::StrCat("origin: \"", longest, "\": why"));
  EXPECT_EQ(message(longest + "x"), absl::StrCat("origin: \"", longest, "…\": why"));
}

TEST(ErrorsTest, CutWhatTheyQuoteAtACharacter) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text += "é";
  const absl::Status status = InvalidLocationError("origin", text, "too long");
  EXPECT_THAT(status.message(), ::testing::HasSubstr("é…"));
}

TEST(ErrorsTest, BadRowsAreCountedInFullAndListedInPart) {
  RowErrorSummary errors;
  for (int i = 0; i < 30; ++i) {
    errors.first_errors.push_back(
        {i, "origin", RowErrorReason::kUnknownPort, absl::StrCat("P", i)});
  }
  errors.error_count = 1'000'000;
  errors.bad_row_count = 999'999;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kUnknownPort)] = 1'000'000;
  const absl::Status status = BatchHasInvalidRowsError({"acme", "batch-1"}, errors);
  const ErrorDetails details = DetailsOf(status);
  EXPECT_THAT(status.message(), HasSubstr("999999 bad rows"));
  EXPECT_THAT(details.field_violations, SizeIs(limits::kReportedRowErrorsMax));
  EXPECT_EQ(details.field_violations[2].field, "rows[2].origin");
  EXPECT_EQ(details.field_violations[2].description, "UNKNOWN_PORT: \"P2\"");
  EXPECT_THAT(details.metadata,
              ElementsAre(Pair("partner", "acme"), Pair("batch_id", "batch-1"),
                          Pair("error_count", "1000000"), Pair("bad_row_count", "999999"),
                          Pair("UNKNOWN_PORT", "1000000")));
}

TEST(ErrorsTest, RetryableErrorsHaveADelay) {
  for (const absl::Status& status :
       {DrainingError(), OverloadedError("uploads"), DatabaseUnavailableError("refused"),
        VersionNotYetVisibleError(7, 6), BatchInProgressError({"acme", "batch-1"}),
        LocationsOfLostHistoryError({"acme", "batch-1"})}) {
    EXPECT_EQ(DetailsOf(status).retry_delay, limits::kRetryDelay) << status;
  }
}

TEST(ErrorsTest, AMismatchHasBothDigests) {
  const absl::Status status = BatchIdContentMismatchError({"acme", "batch-1"}, "aa", "bb");
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(DetailsOf(status).metadata,
              ::testing::IsSupersetOf({Pair(std::string("committed_digest"), std::string("aa")),
                                       Pair(std::string("sent_digest"), std::string("bb"))}));
}

}  // namespace
}  // namespace fairway
