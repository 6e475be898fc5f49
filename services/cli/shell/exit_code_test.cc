#include "services/cli/shell/exit_code.h"

#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/price_files/file_error.h"
#include "services/cli/shell/arguments.h"

namespace fairway::cli {
namespace {

TEST(ExitCodeTest, ScriptsCanBranchOnIt) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(LocationNotFoundError("X")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(BatchHasInvalidRowsError({"a", "b"}, {})), ExitCode::kBadRows);
  EXPECT_EQ(ExitCodeOf(MakeError(absl::StatusCode::kInvalidArgument, "a.csv:3: bad",
                                 {.reason = std::string(price_files::kRowsReason)})),
            ExitCode::kBadRows);
  EXPECT_EQ(ExitCodeOf(DrainingError()), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(DeadlineExceededError()), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(price_files::FileError("a.csv", "gone")), ExitCode::kFile);
  EXPECT_EQ(ExitCodeOf(price_files::ContentError("a.csv", 3, "bad")), ExitCode::kFile);
  EXPECT_EQ(ExitCodeOf(MakeError(absl::StatusCode::kFailedPrecondition, "no such object",
                                 {.reason = kObjectReason})),
            ExitCode::kFile);
}

TEST(ExitCodeTest, InvalidArgumentsAreUsageErrorsWhoeverFindsThem) {
  for (const absl::Status& status :
       {UsageError("x"), InvalidDateError("first_date", "x", "no day"), InvalidBatchIdError("X"),
        InvalidRangeError("2026-01-02", "2026-01-01"), RangeTooLargeError(9'999),
        InvalidPartnerError("X"), InvalidLabelError("long"),
        InvalidLocationError("origin", "x", "no code")}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kUsage) << status;
  }
  // The location comes from a file.
  EXPECT_EQ(ExitCodeOf(InvalidLocationError("ports[3].code", "x", "no code")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(TooManyRowsError(5)), ExitCode::kRefused);
}

TEST(IsRetryableTest, TemporaryFailuresOnly) {
  for (const absl::Status& status :
       {DrainingError(), DeadlineExceededError(), BatchInProgressError({"a", "bcde"}),
        CancelledError(), absl::UnavailableError("S3 is away"), BatchEndMissingError(),
        absl::ResourceExhaustedError("Received RST_STREAM with error code 11"),
        MakeError(absl::StatusCode::kResourceExhausted, "x",
                  {.reason = std::string(reasons::kQuotaOpenBatches)})}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kUnavailable) << status;
  }
  for (const absl::Status& status :
       {BatchRevertedError({"a", "bcde"}), price_files::ContentError("a.csv", 3, "bad"),
        UsageError("what?"), absl::ResourceExhaustedError("message larger than max"),
        absl::InternalError("Received RST_STREAM with error code 2")}) {
    EXPECT_FALSE(IsRetryable(status)) << status;
  }
}

}  // namespace
}  // namespace fairway::cli
