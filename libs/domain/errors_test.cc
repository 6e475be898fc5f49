#include "libs/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/limits.h"

namespace fairway {
namespace {

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
