#include "services/cli/transfer/retry.h"

#include <functional>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::cli {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Time that passes only while it is slept.
class RetryTest : public ::testing::Test {
 protected:
  absl::Status Run(const RetryPolicy& policy, const std::function<absl::Status()>& attempt) {
    return Retry(policy, attempt,
                 {.now = [this] { return now_; },
                  .sleep =
                      [this](absl::Duration pause) {
                        pauses_.push_back(pause);
                        now_ += pause;
                      }});
  }

  absl::Time now_ = absl::UnixEpoch();
  std::vector<absl::Duration> pauses_;
};

RetryPolicy Quick(int attempts) {
  return {.attempts_max = attempts,
          .first_pause = absl::Milliseconds(1),
          .pause_max = absl::Milliseconds(2)};
}

TEST_F(RetryTest, RetriesRetryableErrors) {
  int attempts = 0;
  FAIRWAY_EXPECT_OK(Run(Quick(10), [&]() -> absl::Status {
    return ++attempts < 4 ? absl::UnavailableError("away") : absl::OkStatus();
  }));
  EXPECT_EQ(attempts, 4);
  EXPECT_EQ(pauses_.size(), 3);
}

TEST_F(RetryTest, NamesTheOptionThatAllowsMoreAttempts) {
  const auto printed = [&](RetryPolicy policy, const absl::Status& failure) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Run(policy, [&] { return failure; }), failure);
    return ::testing::internal::GetCapturedStderr();
  };
  RetryPolicy policy = Quick(3);
  EXPECT_THAT(printed(policy, absl::UnavailableError("away")), Not(HasSubstr("gave up")));
  policy.attempts_option = "--attempts";
  EXPECT_THAT(printed(policy, absl::UnavailableError("away")),
              HasSubstr("gave up after 3 attempts; --attempts allows more\n"));
  EXPECT_THAT(printed(policy, absl::NotFoundError("gone")), IsEmpty());
}

TEST_F(RetryTest, PausesAsLongAsTheServerAsks) {
  constexpr absl::Duration kAsked = absl::Milliseconds(300);
  int attempts = 0;
  FAIRWAY_EXPECT_OK(Run(Quick(2), [&]() -> absl::Status {
    if (++attempts == 2) return absl::OkStatus();
    return MakeError(absl::StatusCode::kUnavailable, "busy",
                     {.reason = std::string(reasons::kOverloaded), .retry_delay = kAsked});
  }));
  EXPECT_THAT(pauses_, ElementsAre(Ge(kAsked)));
}

TEST_F(RetryTest, PausesLongerEachTimeUpToTheMaximum) {
  const RetryPolicy policy = {.attempts_max = 8,
                              .time_max = absl::Hours(1),
                              .first_pause = absl::Seconds(1),
                              .pause_max = absl::Seconds(10)};
  EXPECT_THAT(Run(policy, [] { return absl::UnavailableError("away"); }),
              StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_EQ(pauses_.size(), 7);
  EXPECT_GE(pauses_[0], absl::Seconds(1));
  EXPECT_GE(pauses_[1], absl::Seconds(2));
  EXPECT_GE(pauses_[2], absl::Seconds(4));
  for (const absl::Duration pause : pauses_) EXPECT_LE(pause, 2 * policy.pause_max);
}

TEST_F(RetryTest, StopsAtFinalErrorsAttemptsAndTime) {
  int attempts = 0;
  const auto count = [&](const absl::Status& status) {
    return [&attempts, status]() -> absl::Status {
      ++attempts;
      return status;
    };
  };
  EXPECT_THAT(Run(Quick(10), count(absl::NotFoundError("no"))),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(attempts, 1);
  EXPECT_THAT(Run(Quick(3), count(absl::AbortedError("busy"))),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 4);
  RetryPolicy no_time = Quick(1'000'000);
  no_time.time_max = absl::ZeroDuration();
  EXPECT_THAT(Run(no_time, count(absl::AbortedError("busy"))),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 5);
}

TEST_F(RetryTest, StartsNoAttemptAfterTheTimeOfThePolicy) {
  RetryPolicy policy = Quick(1'000'000);
  policy.time_max = absl::Milliseconds(50);
  const absl::Time deadline = now_ + policy.time_max;
  EXPECT_THAT(Run(policy,
                  [&]() -> absl::Status {
                    EXPECT_LE(now_, deadline);
                    return absl::AbortedError("busy");
                  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_GT(pauses_.size(), 10);
}

TEST(RetryPolicyTest, HasItsDefaults) {
  EXPECT_EQ(RetryPolicy().attempts_max, 5);
  EXPECT_EQ(RetryPolicy().time_max, absl::Minutes(30));
  EXPECT_EQ(RetryPolicy().first_pause, absl::Seconds(1));
  EXPECT_EQ(RetryPolicy().pause_max, absl::Seconds(30));
}

}  // namespace
}  // namespace fairway::cli
