#include "libs/postgres/resolver.h"

#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::IsOk;
using ::fairway::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;

// A name server that answers for "good" at once, for "slow" after a moment, and never for
// "hangs" as long as this object lives.
class TestNames {
 public:
  ~TestNames() { released_->Notify(); }

  NameLookup look_up() const {
    return [released = released_](const std::string& name) -> Resolved {
      if (name == "hangs") released->WaitForNotification();
      // The fault itself.
      if (name == "slow") absl::SleepFor(absl::Milliseconds(50));
      if (name == "bad") return {absl::UnavailableError("no such name"), {}};
      return {absl::OkStatus(), {"192.0.2.1"}};
    };
  }

 private:
  const std::shared_ptr<absl::Notification> released_ = std::make_shared<absl::Notification>();
};

class ResolverTest : public ::testing::Test {
 protected:
  std::vector<Resolved> ResolveIn(const std::vector<std::string>& names, absl::Duration others_max,
                                  const Deadline& deadline = Soon()) {
    return ResolveAll(names, others_max, deadline, names_.look_up());
  }
  void ExpectPrompt() { EXPECT_LT(absl::Now() - start_, absl::Seconds(30)); }

  const TestNames names_;
  const absl::Time start_ = absl::Now();
};

TEST(LookUpNameTest, ResolvesNamesAndAddresses) {
  EXPECT_THAT(LookUpName("localhost").addresses, Contains("127.0.0.1"));
  EXPECT_THAT(LookUpName("no-such-host.invalid").status, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ResolverTest, TheLastAnswerEndsTheWait) {
  const auto resolved = ResolveIn({"good", "127.0.0.2", "slow", "bad"}, absl::Seconds(60));
  ExpectPrompt();
  ASSERT_EQ(resolved.size(), 4);
  EXPECT_THAT(resolved[0].addresses, ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolved[1].addresses, ElementsAre("127.0.0.2"));
  EXPECT_THAT(resolved[2].addresses, ElementsAre("192.0.2.1")) << "waited for, too";
  EXPECT_THAT(resolved[3].status, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ResolverTest, WhereOneIsKnownTheOthersHaveAMoment) {
  const auto resolved = ResolveIn({"hangs", "good"}, absl::Milliseconds(20));
  ExpectPrompt();
  EXPECT_THAT(resolved[0].status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(resolved[1].status, IsOk());
}

TEST_F(ResolverTest, WhereNoneIsKnownTheFirstIsWaitedFor) {
  const auto resolved = ResolveIn({"hangs", "slow"}, absl::ZeroDuration());
  ExpectPrompt();
  EXPECT_THAT(resolved[0].status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(resolved[1].status, IsOk());
}

TEST_F(ResolverTest, TheCallerNeedNotWaitForAnyOfThem) {
  const absl::Time deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_THAT(ResolveIn({"hangs"}, absl::Seconds(60), deadline)[0].status,
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  std::stop_source stop;
  std::thread stopper([&] { stop.request_stop(); });
  EXPECT_THAT(ResolveIn({"hangs"}, absl::Seconds(60), {Soon(), stop.get_token()})[0].status,
              StatusIs(absl::StatusCode::kCancelled));
  stopper.join();
  ExpectPrompt();
}

}  // namespace
}  // namespace fairway::postgres
