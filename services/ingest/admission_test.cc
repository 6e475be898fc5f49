#include "services/ingest/admission.h"

#include <future>
#include <optional>
#include <utility>

#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::ingest {
namespace {

constexpr absl::Duration kDrainTime = absl::Seconds(90);

class AdmissionTest : public ::testing::Test {
 protected:
  // What AwaitIdle() returns, in a thread of its own that waits already.
  std::future<bool> AwaitIdle() {
    auto idle = std::async(std::launch::async, [this, deadline = clock_.Now() + kDrainTime] {
      return admission_.AwaitIdle(deadline);
    });
    clock_.AwaitWaiters();
    return idle;
  }
  // Whether it ends soon: nothing but the awaited event may end it, as time stands still.
  static bool EndsSoon(const std::future<bool>& idle) {
    return idle.wait_until(absl::ToChronoTime(Soon())) == std::future_status::ready;
  }

  FakeClock clock_;
  Admission admission_{&clock_};
};

TEST_F(AdmissionTest, CountsUploadsAndTurnsThemAwayWhileDraining) {
  std::optional<Admission::Place> place = admission_.Enter().value();
  EXPECT_EQ(admission_.open(), 1);
  admission_.StartDraining();
  EXPECT_EQ(ReasonOf(admission_.Enter().status()), reasons::kDraining);
  EXPECT_FALSE(admission_.AwaitIdle(clock_.Now())) << "one still runs";
  place.reset();
  EXPECT_TRUE(admission_.AwaitIdle(clock_.Now()));
}

TEST_F(AdmissionTest, TheLastUploadToEndEndsTheWait) {
  std::optional<Admission::Place> first = admission_.Enter().value();
  std::optional<Admission::Place> last = admission_.Enter().value();
  std::future<bool> idle = AwaitIdle();
  first.reset();
  EXPECT_EQ(idle.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  last.reset();
  // A wait that is not woken must not make the test hang.
  if (!EndsSoon(idle)) {
    ADD_FAILURE() << "nothing ended the wait";
    clock_.Advance(kDrainTime);
  }
  EXPECT_TRUE(idle.get());
}

TEST_F(AdmissionTest, TheWaitEndsByItsDeadlineWhileAnUploadRuns) {
  const std::optional<Admission::Place> place = admission_.Enter().value();
  std::future<bool> idle = AwaitIdle();
  clock_.Advance(kDrainTime - absl::Seconds(1));
  EXPECT_EQ(idle.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(idle.get());
}

}  // namespace
}  // namespace fairway::ingest
