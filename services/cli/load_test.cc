#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/batch_id.h"
#include "libs/domain/errors.h"
#include "libs/price_files/file_error.h"
#include "services/cli/batch_name.h"
#include "services/cli/error_report.h"
#include "services/cli/exit_code.h"
#include "services/cli/retry.h"

// The parts of `fairway load` that need neither a service nor a store.
namespace fairway::cli {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::StartsWith;

TEST(BatchIdOfObjectTest, IsForEverTheSame) {
  // printf '%s\n%s\n%s' prices 'incoming/acme/Q1 (final).csv.zst' 3sL4kqtJ | sha256sum
  EXPECT_EQ(BatchIdOfObject("prices", "incoming/acme/Q1 (final).csv.zst", "3sL4kqtJ"),
            "q1-final-5f940e69c6793856e5384dfa");
}

TEST(BatchIdOfObjectTest, DiffersByBucketKeyAndVersion) {
  const std::string id = BatchIdOfObject("prices", "a/b.csv", "1");
  EXPECT_NE(BatchIdOfObject("prices", "a/b.csv", "2"), id);
  EXPECT_NE(BatchIdOfObject("prices", "c/b.csv", "1"), id);
  EXPECT_NE(BatchIdOfObject("prices2", "a/b.csv", "1"), id);
}

TEST(BatchIdOfObjectTest, IsAlwaysWellFormed) {
  for (const std::string& key :
       {std::string("x"), std::string("/"), std::string("a/"), std::string(".csv"),
        std::string("тариф.csv"), std::string("---"), std::string(1000, 'y'), std::string("a b+c"),
        std::string(37, 'z') + "-z"}) {
    const std::string id = BatchIdOfObject("prices", key, "v");
    FAIRWAY_EXPECT_OK(CheckBatchId(id)) << key;
    EXPECT_NE(id.front(), '-') << key;
  }
  EXPECT_THAT(BatchIdOfObject("prices", "in/тариф.csv", "v"), StartsWith("prices-"));
}

TEST(PartnerOfKeyTest, IsTheFolderBelowThePrefix) {
  EXPECT_THAT(PartnerOfKey("incoming/acme/2026/q1.csv", "incoming/"), IsOkAndHolds("acme"));
  EXPECT_THAT(PartnerOfKey("acme/q1.csv", ""), IsOkAndHolds("acme"));
  for (const char* key : {"q1.csv", "incoming/q1.csv", "other/acme/q1.csv", "incoming/Acme/q1.csv",
                          "incoming//q1.csv", "incoming", "in"}) {
    EXPECT_EQ(ExitCodeOf(PartnerOfKey(key, "incoming/").status()), ExitCode::kUsage) << key;
  }
}

TEST(MayPassTest, TellsWhatToTryAgain) {
  for (const absl::Status& status :
       {DrainingError(), DeadlineExceededError(), BatchInProgressError({"a", "bcde"}),
        CancelledError(), absl::UnavailableError("S3 is away"),
        ObjectError(absl::UnavailableError("S3 is away")),
        absl::ResourceExhaustedError("Received RST_STREAM with error code 11"),
        MakeError(absl::StatusCode::kResourceExhausted, "x", {.reason = "QUOTA_OPEN_BATCHES"})}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kUnavailable) << status;
  }
  for (const absl::Status& status :
       {BatchRevertedError({"a", "bcde"}), ObjectError(absl::NotFoundError("no such object")),
        price_files::ContentError("a.csv", 3, "bad"), UsageError("what?"),
        absl::ResourceExhaustedError("message larger than max")}) {
    EXPECT_FALSE(MayPass(status)) << status;
  }
}

TEST(IsContentToBlameTest, OnlyForWhatWouldFailForEver) {
  EXPECT_TRUE(IsContentToBlame(BatchHasInvalidRowsError({"a", "bcde"}, {})));
  EXPECT_TRUE(IsContentToBlame(price_files::ContentError("a.csv", 3, "bad")));
  EXPECT_TRUE(IsContentToBlame(TooManyRowsError(5)));
  EXPECT_FALSE(IsContentToBlame(ObjectError(absl::NotFoundError("no such object"))));
  EXPECT_FALSE(IsContentToBlame(DrainingError()));
  EXPECT_FALSE(IsContentToBlame(absl::OkStatus()));
}

RetryPolicy Quick(int attempts) {
  return {.attempts_max = attempts,
          .first_pause = absl::Milliseconds(1),
          .longest_pause = absl::Milliseconds(2)};
}

TEST(RetryTest, GoesOnWhileItMayPass) {
  int attempts = 0;
  const auto response = Retry(Quick(10), [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
    if (++attempts < 4) return absl::UnavailableError("away");
    return v1::UploadBatchResponse();
  });
  FAIRWAY_EXPECT_OK(response);
  EXPECT_EQ(attempts, 4);
}

TEST(RetryTest, WaitsAsLongAsTheServerAsks) {
  constexpr absl::Duration kAsked = absl::Milliseconds(300);
  int attempts = 0;
  const absl::Time start = absl::Now();
  FAIRWAY_EXPECT_OK(Retry(Quick(2), [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
    if (++attempts == 2) return v1::UploadBatchResponse();
    return MakeError(absl::StatusCode::kUnavailable, "busy",
                     {.reason = "OVERLOADED", .retry_delay = kAsked});
  }));
  EXPECT_GE(absl::Now() - start, kAsked);
}

TEST(RetryTest, EndsWithWhatIsFinal) {
  int attempts = 0;
  const auto count = [&](const absl::Status& status) {
    return [&attempts, status]() -> absl::StatusOr<v1::UploadBatchResponse> {
      ++attempts;
      return status;
    };
  };
  EXPECT_THAT(Retry(Quick(10), count(absl::NotFoundError("no"))),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(attempts, 1);
  EXPECT_THAT(Retry(Quick(3), count(absl::AbortedError("busy"))),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 4);
  RetryPolicy no_time = Quick(1'000'000);
  no_time.time_max = absl::ZeroDuration();
  EXPECT_THAT(Retry(no_time, count(absl::AbortedError("busy"))),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 5);
}

}  // namespace
}  // namespace fairway::cli
