#include "services/query/watch_commits.h"

#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_rate_reader.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway::query {
namespace {

using ::fairway::testing::MemoryStores;
using ::testing::ElementsAre;

// Watches over a price book, which catches up when CatchUp() is called.
class WatchCommitsTest : public ::testing::Test {
 protected:
  // Makes a version.
  VersionId Commit() {
    const std::string slug = absl::StrCat("region-", ++regions_);
    return stores_.locations().Import({.regions = {{slug, slug, std::nullopt}}}, Soon())->version;
  }
  void CatchUp() { FAIRWAY_EXPECT_OK(follower_.CatchUp()); }
  CommitWatch Watch(const VersionId& after) {
    return CommitWatch(&stores_.commits(), &rates_, &clock_, after);
  }
  // The version numbers reported until there is nothing more; then the reason, if the watch ended.
  std::vector<std::string> Reported(CommitWatch& watch) {
    std::vector<std::string> reported;
    while (true) {
      const auto notice = watch.Next(Soon());
      if (!notice.ok()) reported.push_back(ReasonOf(notice.status()));
      if (!notice.ok() || !*notice) return reported;
      reported.push_back(absl::StrCat((*notice)->version.number));
    }
  }

  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
  MemoryStores stores_;
  HeldBook held_{&clock_};
  BookFollower follower_{
      &stores_.source(),
      &held_,
      {},
      &clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}}};
  BookRateReader rates_{&held_, &stores_.rates()};
  int regions_ = 0;
};

TEST_F(WatchCommitsTest, ReportsWhatFollowsAVersion) {
  Commit();
  const VersionId second = Commit();
  CatchUp();
  CommitWatch all = Watch({0});
  CommitWatch rest = Watch(second);
  EXPECT_THAT(Reported(all), ElementsAre("1", "2"));
  EXPECT_THAT(Reported(rest), ElementsAre());
  Commit();
  CatchUp();
  EXPECT_THAT(Reported(all), ElementsAre("3"));
  EXPECT_THAT(Reported(rest), ElementsAre("3"));
}

TEST_F(WatchCommitsTest, AVersionThatDoesNotExistYetIsUnknown) {
  Commit();
  CatchUp();
  CommitWatch next = Watch({2});
  EXPECT_THAT(Reported(next), ElementsAre(reasons::kVersionUnknown));
  CommitWatch far = Watch({1000});
  EXPECT_THAT(Reported(far), ElementsAre(reasons::kVersionUnknown));
}

TEST_F(WatchCommitsTest, AHeartbeatSaysUpToWhereWithTheIdentity) {
  const VersionId newest = Commit();
  CatchUp();
  CommitWatch watch = Watch({1});
  EXPECT_THAT(Reported(watch), ElementsAre());
  clock_.Advance(limits::kWatchHeartbeat);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto notice, watch.Next(Soon()));
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->commit, std::nullopt);
  EXPECT_EQ(notice->version, newest);
}

TEST_F(WatchCommitsTest, AHeartbeatIsDueAfterASilence) {
  Commit();
  CatchUp();
  CommitWatch watch = Watch({1});
  const auto is_heartbeat = [&](absl::Duration later) {
    clock_.Advance(later);
    const auto notice = watch.Next(Soon());
    FAIRWAY_EXPECT_OK(notice);
    return notice.ok() && notice->has_value() && !(*notice)->commit.has_value();
  };
  EXPECT_FALSE(is_heartbeat(limits::kWatchHeartbeat - absl::Nanoseconds(1)));
  EXPECT_TRUE(is_heartbeat(absl::Nanoseconds(1)));
  EXPECT_FALSE(is_heartbeat(limits::kWatchHeartbeat - absl::Nanoseconds(1))) << "one was sent";
  Commit();
  CatchUp();
  EXPECT_FALSE(is_heartbeat(absl::ZeroDuration())) << "a commit";
  EXPECT_FALSE(is_heartbeat(limits::kWatchHeartbeat - absl::Nanoseconds(1))) << "a commit was sent";
  EXPECT_TRUE(is_heartbeat(absl::Nanoseconds(1)));
}

// Another replica reported a version that has not arrived here.
TEST_F(WatchCommitsTest, AVersionAheadOfThisReplicaIsWaitedFor) {
  Commit();
  CatchUp();
  CommitWatch watch = Watch(Commit());
  EXPECT_THAT(Reported(watch), ElementsAre());
  Commit();
  CatchUp();
  EXPECT_THAT(Reported(watch), ElementsAre("3"));
}

TEST_F(WatchCommitsTest, AWatchEndsWithItsHistory) {
  for (const int commits_after : {0, 1, 2, 3}) {
    Commit();
    stores_.Backup();
    Commit();
    const VersionId lost = Commit();
    CatchUp();
    CommitWatch running = Watch({0});
    EXPECT_GE(Reported(running).size(), 3);
    stores_.Restore();
    for (int i = 0; i < commits_after; ++i) Commit();
    CommitWatch early = Watch(lost);
    EXPECT_THAT(Reported(early), ElementsAre()) << "the book does not know yet";
    CatchUp();
    EXPECT_THAT(Reported(running), ElementsAre(reasons::kVersionPurged))
        << commits_after << " commits later";
    EXPECT_THAT(Reported(early), ElementsAre(reasons::kVersionPurged));
    CommitWatch resumed = Watch(lost);
    EXPECT_THAT(Reported(resumed), ElementsAre(reasons::kVersionPurged));
  }
}

TEST_F(WatchCommitsTest, AGapEndsTheWatch) {
  for (int i = 0; i < 4; ++i) Commit();
  stores_.ForgetCommits(3, 3);
  CatchUp();
  CommitWatch watch = Watch({0});
  EXPECT_THAT(Reported(watch), ElementsAre("1", "2", reasons::kVersionPurged));
}

}  // namespace
}  // namespace fairway::query
