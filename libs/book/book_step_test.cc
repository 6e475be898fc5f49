#include <future>
#include <map>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"
#include "libs/book/testing/scripted_source.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

// Steps of a follower, taken by hand, of which each question may take time.
class BookStepTest : public BookFollowerTest {
 protected:
  void Make(const BookOptions& options = {.loaders = 1}) {
    follower_.emplace(&source_, &book_, options, &time_,
                      BookFollower::Events{.published =
                                               [this](const PriceBook&, absl::Duration took) {
                                                 took_ = took;
                                                 age_ = book_.Age();
                                               },
                                           .failed = [this](const absl::Status&) { ++failures_; }});
  }
  void Step() { FAIRWAY_ASSERT_OK(follower_->Step()); }
  void ExpectRefused() {
    EXPECT_THAT(follower_->CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  }
  void Rename(const std::string& name) {
    FAIRWAY_ASSERT_OK(
        stores_.locations().Import({.regions = {{"world", name, std::nullopt}}}, Soon()));
  }
  DatasetVersion Version() const { return book_.book()->version(); }
  // Whether something is read when the follower catches up after so long.
  bool IsReadAfter(absl::Duration later) {
    time_.Advance(later);
    const int opened = stores_.source().readers_opened();
    follower_->CatchUp().IgnoreError();
    return stores_.source().readers_opened() > opened;
  }

  FakeClock time_;
  HeldBook book_{&time_};
  std::map<std::string, absl::Duration> takes_;      // By question; nothing by default.
  std::map<std::string, absl::Duration> deadlines_;  // Of the last question of each kind.
  std::function<void()> at_load_;                    // Once, when a load begins.
  absl::Duration took_;
  absl::Duration age_;
  ScriptedSource source_{&stores_.source(),
                         [this](absl::string_view call, const Deadline& deadline) {
                           const std::string name(call);
                           deadlines_[name] = deadline.time() - time_.Now();
                           time_.Advance(takes_[name]);
                           if (name == "OpenReader" && at_load_) std::exchange(at_load_, {})();
                           return absl::OkStatus();
                         }};
  std::optional<BookFollower> follower_;
};

TEST_F(BookStepTest, ItsAgeCountsFromTheQuestionNotTheAnswer) {
  Commit(0);
  Make();
  takes_["ReadState"] = absl::Seconds(2);
  takes_["ReadChanges"] = absl::Seconds(3);
  Step();
  EXPECT_EQ(age_, absl::Seconds(2)) << "of the first book";
  EXPECT_EQ(took_, absl::Seconds(2));
  EXPECT_EQ(book_.Age(), absl::Seconds(3));
  Commit(1);
  Step();
  EXPECT_EQ(age_, absl::Seconds(3));
  EXPECT_EQ(took_, absl::Seconds(3));
}

TEST_F(BookStepTest, AVersionIsAskedForSecondsAndALoadMayTakeLong) {
  Commit(0);
  Make();
  Step();
  EXPECT_EQ(deadlines_["ReadState"], absl::Seconds(5));
  EXPECT_EQ(deadlines_["ReadChanges"], absl::Seconds(5));
  EXPECT_EQ(deadlines_["OpenReader"], absl::Hours(1));
  Commit(1);
  takes_["ReadChanges"] = absl::Seconds(3);
  Step();
  EXPECT_EQ(deadlines_["OpenReader"], absl::Hours(1) - absl::Seconds(3)) << "from the beginning";
}

TEST_F(BookStepTest, WhatIsCommittedDuringTheFirstLoadIsFollowedAtOnce) {
  Commit(0);
  Make();
  at_load_ = [this] { Commit(1); };
  Step();
  EXPECT_EQ(Version(), 3);
}

TEST_F(BookStepTest, LocationsAloneTakeATenthOfTheTimeAtMost) {
  Make();
  Step();
  takes_["ReadChanges"] = absl::Milliseconds(50);
  Rename("Earth");
  Step();
  EXPECT_EQ(Version(), 2) << "at once, as it was long ago";
  takes_.clear();
  Rename("Globe");
  time_.Advance(absl::Milliseconds(499));
  Step();
  EXPECT_EQ(Version(), 2);
  time_.Advance(absl::Milliseconds(1));
  Step();
  EXPECT_EQ(Version(), 3);
  Rename("Orb");
  time_.Advance(absl::Milliseconds(99));
  Step();
  EXPECT_EQ(Version(), 3) << "never more often than ten times a second";
  time_.Advance(absl::Milliseconds(1));
  Step();
  EXPECT_EQ(Version(), 4);
}

TEST_F(BookStepTest, LocationsAreNotLateBecauseOfOtherVersions) {
  Make();
  Step();
  stores_.Backup();
  Commit(0);
  Step();
  Rename("Earth");
  Step();
  EXPECT_EQ(Version(), 3) << "after a batch";
  time_.Advance(absl::Seconds(1));
  stores_.Restore();
  Step();
  EXPECT_EQ(Version(), 1);
  Rename("Globe");
  Step();
  EXPECT_EQ(Version(), 2) << "after another history";
}

TEST_F(BookStepTest, ARefusalIsReportedOncePerVersion) {
  Commit(0, 1000);
  Make({.bytes_max = 5000, .loaders = 1});
  ExpectRefused();
  ExpectRefused();
  time_.Advance(absl::Minutes(1));
  ExpectRefused();
  EXPECT_EQ(failures_, 1);
  Commit(1, 1000);
  ExpectRefused();
  EXPECT_EQ(failures_, 2);
}

TEST_F(BookStepTest, AShortAttemptInVainIsRepeatedEveryTenSecondsOrForAnotherVersion) {
  Commit(0, 1000);
  Make({.bytes_max = 5000, .loaders = 1});
  takes_["OpenReader"] = absl::Milliseconds(100) - absl::Nanoseconds(1);
  EXPECT_TRUE(IsReadAfter(absl::ZeroDuration()));
  EXPECT_FALSE(IsReadAfter(absl::Seconds(10) - absl::Nanoseconds(1)));
  EXPECT_TRUE(IsReadAfter(absl::Nanoseconds(1)));
  Commit(1, 1000);
  EXPECT_TRUE(IsReadAfter(absl::ZeroDuration())) << "at once";
}

TEST_F(BookStepTest, LongAttemptsInVainTakeATenthOfTheTime) {
  Commit(0, 1000);
  Make({.bytes_max = 5000, .loaders = 1});
  takes_["OpenReader"] = absl::Seconds(2);
  EXPECT_TRUE(IsReadAfter(absl::ZeroDuration()));
  EXPECT_FALSE(IsReadAfter(absl::Seconds(20) - absl::Nanoseconds(1))) << "the same version";
  EXPECT_TRUE(IsReadAfter(absl::Nanoseconds(1)));
  Commit(1, 1000);
  EXPECT_FALSE(IsReadAfter(absl::Seconds(20) - absl::Nanoseconds(1))) << "another one";
  EXPECT_TRUE(IsReadAfter(absl::Nanoseconds(1)));
  takes_["OpenReader"] = absl::Milliseconds(100);
  EXPECT_TRUE(IsReadAfter(absl::Minutes(1)));
  Commit(2, 1000);
  EXPECT_FALSE(IsReadAfter(absl::Seconds(1) - absl::Nanoseconds(1)));
  EXPECT_TRUE(IsReadAfter(absl::Nanoseconds(1)));
}

// What a reader holds of an older book counts, until it lets go.
TEST_F(BookStepTest, WhatWasReplacedCountsWhileItIsRead) {
  int64_t bytes = 0;
  {
    testing::MemoryStores stores;
    ImportPorts(stores);
    CommitTo(stores, 0, 1000);
    CommitTo(stores, 1, 1000);
    HeldBook held(&clock_);
    FAIRWAY_ASSERT_OK(BookFollower(&stores.source(), &held, {}, &clock_, Silent()).CatchUp());
    bytes = held.book()->byte_count();
  }
  // For two such books, and half of a first one.
  Make({.bytes_max = 2 * bytes + bytes / 4, .loaders = 1});
  Commit(0, 1000);
  Step();
  std::shared_ptr<const PriceBook> reader = book_.book();
  Commit(1, 1000);
  Step();
  Commit(2, 1);
  ExpectRefused();
  reader.reset();
  time_.Advance(absl::Minutes(1));
  Step();
  EXPECT_EQ(Version(), 4);
}

TEST_F(BookStepTest, ABookOfALostHistoryCountsWhileItIsRead) {
  Commit(0, 1000);
  int64_t bytes = 0;
  {
    HeldBook held(&clock_);
    FAIRWAY_ASSERT_OK(BookFollower(&stores_.source(), &held, {}, &clock_, Silent()).CatchUp());
    bytes = held.book()->byte_count();
  }
  Make({.bytes_max = bytes * 3 / 2, .loaders = 1});
  stores_.Backup();
  Commit(1, 1);
  Step();
  std::shared_ptr<const PriceBook> reader = book_.book();
  stores_.Restore();
  ExpectRefused();
  EXPECT_EQ(book_.book(), nullptr);
  ExpectRefused();
  reader.reset();
  time_.Advance(absl::Minutes(1));
  Step();
  EXPECT_EQ(Version(), 2);
}

TEST_F(BookFollowerTest, AStopDuringAQuestionIsNoFailure) {
  std::promise<void> asked;
  ScriptedSource source(&stores_.source(), [&](absl::string_view, const Deadline& deadline) {
    std::promise<void> stopped;
    const std::stop_callback on_stop(deadline.stop(), [&] { stopped.set_value(); });
    asked.set_value();
    stopped.get_future().wait();
    return absl::CancelledError("stopped");
  });
  BookFollower follower(&source, &held_, {}, &clock_,
                        {.published = [](const PriceBook&, absl::Duration) {},
                         .failed = [this](const absl::Status&) { ++failures_; }});
  follower.Start();
  asked.get_future().wait();
  follower.Stop();
  EXPECT_EQ(failures_, 0);
}

}  // namespace
}  // namespace fairway
