#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

// A source whose session for notifications cannot be opened.
class SilentSource final : public DatasetSource {
 public:
  explicit SilentSource(DatasetSource* source) : source_(*source) {}

  absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) override {
    return source_.ReadState(deadline);
  }
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                             const Deadline& deadline) override {
    return source_.ReadChanges(after, tree_alone, deadline);
  }
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                           const Deadline& deadline) override {
    return source_.OpenReader(version, deadline);
  }
  absl::Status AwaitCommit(const Deadline&) override {
    return DatabaseUnavailableError("it does not listen");
  }

 private:
  DatasetSource& source_;
};

// A follower that runs on a clock which stands still, unless a test lets time pass.
class FollowerTimingTest : public BookFollowerTest {
 protected:
  FollowerTimingTest() { ImportPorts(timed_); }

  void Commit(int number) { CommitTo(timed_, number, 50); }
  void Rename(const std::string& name) {
    FAIRWAY_ASSERT_OK(
        timed_.locations().Import({.regions = {{"world", name, std::nullopt}}}, Soon()));
  }
  void Start(DatasetSource& source) {
    follower_.emplace(&source, &book_, BookOptions(), &time_,
                      BookFollower::Events{.published = [](const PriceBook&, absl::Duration) {},
                                           .failed = [this](const absl::Status&) { ++failures_; }});
    follower_->Start();
  }
  void Start() { Start(timed_.source()); }
  bool Holds(DatasetVersion version) const {
    const auto book = book_.book();
    return book != nullptr && book->version() == version;
  }
  // The time until it does something by itself, once it waits.
  absl::Duration TimeToNextStep() const { return time_.AwaitWaiters() - time_.Now(); }

  FakeClock time_;
  testing::MemoryStores timed_{&time_};
  HeldBook book_{&time_};
  std::optional<BookFollower> follower_;
};

TEST_F(FollowerTimingTest, ANotificationIsFollowedWhileNoTimePasses) {
  Start();
  ASSERT_TRUE(Eventually([&] { return Holds(1); }));
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  Commit(0);
  EXPECT_TRUE(Eventually([&] { return Holds(2); }));
}

TEST_F(FollowerTimingTest, WithoutNotificationsItPollsEverySecond) {
  SilentSource silent(&timed_.source());
  Start(silent);
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  Commit(0);
  time_.Advance(absl::Seconds(1) - absl::Nanoseconds(1));
  EXPECT_EQ(TimeToNextStep(), absl::Nanoseconds(1));
  EXPECT_TRUE(Holds(1));
  time_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  EXPECT_TRUE(Holds(2));
  EXPECT_EQ(failures_, 0) << "the book is right all the same";
}

// Without a poll nothing would confirm that it is the newest.
TEST_F(FollowerTimingTest, ABookIsConfirmedEverySecond) {
  Start();
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  time_.Pass(absl::Seconds(100));
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  EXPECT_EQ(book_.Age(), absl::ZeroDuration());
}

TEST_F(FollowerTimingTest, AnUnavailableSourceIsRetriedWithinASecond) {
  timed_.source().SetAvailable(false);
  Start();
  int failures = 0;
  for (const double seconds : {0.1, 0.2, 0.4, 0.6, 0.6, 0.6}) {
    const absl::Duration pause = TimeToNextStep();
    EXPECT_THAT(pause, AllOf(Ge(absl::Seconds(seconds)), Le(absl::Seconds(seconds * 1.5))));
    EXPECT_EQ(failures_, ++failures);
    time_.Advance(pause);
  }
}

TEST_F(FollowerTimingTest, ASuccessStartsTheBackoffAnew) {
  timed_.source().SetAvailable(false);
  Start();
  time_.Pass(absl::Seconds(30));
  timed_.source().SetAvailable(true);
  time_.Advance(TimeToNextStep());
  ASSERT_TRUE(Eventually([&] { return Holds(1); }));
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  timed_.source().SetAvailable(false);
  time_.Advance(absl::Seconds(1));
  EXPECT_LE(TimeToNextStep(), absl::Milliseconds(150));
}

// What was left for later is not left until something else happens.
TEST_F(FollowerTimingTest, LocationsAreNeverLongLate) {
  Start();
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  for (int version = 2; version < 12; ++version) {
    Rename(absl::StrCat("World ", version));
    ASSERT_TRUE(Eventually([&] { return book_.newest().version.number == version; }));
    if (version > 2) {
      EXPECT_EQ(TimeToNextStep(), absl::Milliseconds(100));
      EXPECT_TRUE(Holds(version - 1));
      time_.Advance(absl::Milliseconds(100));
    }
    EXPECT_TRUE(Eventually([&] { return Holds(version); }));
  }
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1)) << "none is late any more";
}

// As after a restore: what was left for later is not there any more.
TEST_F(FollowerTimingTest, LocationsThatAreGoneAreNotWaitedFor) {
  Start();
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  Rename("Earth");
  ASSERT_TRUE(Eventually([&] { return Holds(2); }));
  timed_.Backup();
  Rename("Globe");
  ASSERT_TRUE(Eventually([&] { return book_.newest().version.number == 3; }));
  EXPECT_EQ(TimeToNextStep(), absl::Milliseconds(100));
  timed_.Restore();
  ASSERT_TRUE(Eventually([&] { return book_.newest().version.number == 2; }));
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
}

TEST_F(FollowerTimingTest, StopEndsEveryWait) {
  Start();
  EXPECT_EQ(TimeToNextStep(), absl::Seconds(1));
  follower_->Stop();
  Rename("Earth");
  time_.Advance(absl::Hours(1));
  EXPECT_TRUE(Holds(1)) << "nothing runs any more";
  follower_->Start();
  EXPECT_FALSE(Eventually([&] { return Holds(2); }, Soon(absl::Milliseconds(100))))
      << "nor is it started again";

  timed_.source().SetAvailable(false);
  Start();
  TimeToNextStep();
  follower_->Stop();
}

}  // namespace
}  // namespace fairway
