#include "libs/rpc/server/open_streams.h"

#include <list>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"

namespace fairway::rpc {
namespace {

constexpr absl::Duration kBehindMax = absl::Seconds(5);
constexpr absl::Duration kUnreadMax = absl::Seconds(80);

struct FakeStream final : OpenStreams::Stream {
  void EndIfUnread(absl::Time since) override { looked_since.push_back(since); }
  absl::Duration BehindAt(absl::Time) const override { return behind; }
  void MakeRoom() override { made_room = true; }

  absl::Duration behind;
  bool made_room = false;
  std::vector<absl::Time> looked_since;
};

class OpenStreamsTest : public ::testing::Test {
 protected:
  // Null when there is no place for it.
  FakeStream* Enter(OpenStreams& open, const std::string& peer) {
    streams_.emplace_back();
    return open.Enter(&streams_.back(), peer) ? &streams_.back() : nullptr;
  }
  FakeStream* Enter(const std::string& peer) { return Enter(open_, peer); }
  // How many of `count` find a place.
  int EnterMany(int count, const std::string& peer) {
    int in = 0;
    for (int i = 0; i < count; ++i) in += Enter(peer) == nullptr ? 0 : 1;
    return in;
  }
  // After a search that found no stream to end, the next one is some milliseconds later.
  FakeStream* EnterInTime(const std::string& peer) {
    clock_.Advance(absl::Milliseconds(20));
    return Enter(peer);
  }

  FakeClock clock_;
  std::list<FakeStream> streams_;
  OpenStreams open_{{.streams_max = 8,
                     .per_address_max = 6,
                     .per_connection_max = 4,
                     .unread_max = kUnreadMax,
                     .behind_max = kBehindMax},
                    &clock_};
};

TEST_F(OpenStreamsTest, NoConnectionAndNoAddressHasAllPlaces) {
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.1:100"), 4);
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.1:101"), 2);
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.1:102"), 0);
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.2:100"), 2);
  EXPECT_EQ(EnterMany(9, "ipv6:%5B::1%5D:100"), 0);
}

TEST_F(OpenStreamsTest, APlaceThatIsLeftCanBeTaken) {
  FakeStream* const first = Enter("ipv4:10.0.0.1:100");
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.1:100"), 3);
  open_.Leave(first);
  EXPECT_EQ(EnterMany(9, "ipv4:10.0.0.1:100"), 1);
}

TEST_F(OpenStreamsTest, TheOneFurthestBehindMakesRoomOnce) {
  FakeStream* const behind = Enter("ipv4:10.0.0.1:100");
  FakeStream* const furthest = Enter("ipv4:10.0.0.1:100");
  EnterMany(9, "ipv4:10.0.0.1:101");
  EnterMany(9, "ipv4:10.0.0.2:100");
  EXPECT_EQ(Enter("ipv4:10.0.0.3:100"), nullptr) << "all are read";
  behind->behind = kBehindMax;
  furthest->behind = kBehindMax * 2;
  EXPECT_NE(EnterInTime("ipv4:10.0.0.3:100"), nullptr);
  EXPECT_TRUE(furthest->made_room && !behind->made_room);
  open_.Leave(furthest);
  EXPECT_NE(EnterInTime("ipv4:10.0.0.3:100"), nullptr);
  EXPECT_TRUE(behind->made_room);
  EXPECT_EQ(Enter("ipv4:10.0.0.3:100"), nullptr);
}

TEST_F(OpenStreamsTest, OneThatMadeRoomHoldsNoPlace) {
  FakeStream* const first = Enter("ipv4:10.0.0.1:100");
  FakeStream* const second = Enter("ipv4:10.0.0.1:100");
  EnterMany(9, "ipv4:10.0.0.1:101");
  EnterMany(9, "ipv4:10.0.0.2:100");
  first->behind = second->behind = kBehindMax;
  EXPECT_NE(EnterInTime("ipv4:10.0.0.3:100"), nullptr);
  EXPECT_NE(EnterInTime("ipv4:10.0.0.4:100"), nullptr);
  EXPECT_TRUE(first->made_room && second->made_room);
}

TEST_F(OpenStreamsTest, NoStreamEndsWhoseEndWouldNotHelp) {
  OpenStreams open({.streams_max = 99,
                    .per_address_max = 99,
                    .per_connection_max = 4,
                    .unread_max = kUnreadMax,
                    .behind_max = kBehindMax},
                   &clock_);
  for (int i = 0; i < 4; ++i) Enter(open, "ipv4:10.0.0.1:100");
  FakeStream* const other = Enter(open, "ipv4:10.0.0.2:100");
  for (int i = 1; i < 8; ++i) Enter(open, absl::StrCat("ipv4:10.0.0.2:", 100 + i));
  other->behind = kBehindMax;
  EXPECT_EQ(Enter(open, "ipv4:10.0.0.1:100"), nullptr) << "its connection has all it may have";
  EXPECT_FALSE(other->made_room);
}

TEST_F(OpenStreamsTest, NoStreamEndsForAnAddressThatHasAsMany) {
  EnterMany(4, "ipv4:10.0.0.1:100");
  FakeStream* const other = Enter("ipv4:10.0.0.2:100");
  EnterMany(3, "ipv4:10.0.0.2:100");
  other->behind = kBehindMax;
  EXPECT_EQ(Enter("ipv4:10.0.0.1:101"), nullptr);
  EXPECT_FALSE(other->made_room);
}

TEST_F(OpenStreamsTest, TheAddressThatHasTheMostMakesRoomFirst) {
  FakeStream* const of_many = Enter("ipv4:10.0.0.1:100");
  EnterMany(4, "ipv4:10.0.0.1:101");
  FakeStream* const of_few = Enter("ipv4:10.0.0.2:100");
  EnterMany(2, "ipv4:10.0.0.2:101");
  of_many->behind = kBehindMax;
  of_few->behind = kBehindMax * 9;
  EXPECT_NE(EnterInTime("ipv4:10.0.0.3:100"), nullptr);
  EXPECT_TRUE(of_many->made_room && !of_few->made_room);
}

TEST_F(OpenStreamsTest, NoStreamEndsForAnAddressThatHasMore) {
  EnterMany(4, "ipv4:10.0.0.1:100");
  EnterMany(1, "ipv4:10.0.0.1:101");
  FakeStream* const of_few = Enter("ipv4:10.0.0.2:100");
  EnterMany(2, "ipv4:10.0.0.2:101");
  of_few->behind = kBehindMax * 9;
  EXPECT_EQ(Enter("ipv4:10.0.0.1:101"), nullptr);
  EXPECT_FALSE(of_few->made_room);
}

TEST_F(OpenStreamsTest, AnAddressMakesRoomForItself) {
  FakeStream* const behind = Enter("ipv4:10.0.0.1:100");
  EnterMany(3, "ipv4:10.0.0.1:100");
  EnterMany(2, "ipv4:10.0.0.1:101");
  behind->behind = kBehindMax;
  EXPECT_NE(EnterInTime("ipv4:10.0.0.1:101"), nullptr);
  EXPECT_TRUE(behind->made_room);
}

TEST_F(OpenStreamsTest, ASearchInVainIsNotRepeatedForSomeMilliseconds) {
  FakeStream* const first = Enter("ipv4:10.0.0.1:100");
  EnterMany(9, "ipv4:10.0.0.1:100");
  EXPECT_EQ(Enter("ipv4:10.0.0.1:100"), nullptr);
  first->behind = kBehindMax;
  clock_.Advance(absl::Milliseconds(19));
  EXPECT_EQ(Enter("ipv4:10.0.0.1:100"), nullptr);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_NE(Enter("ipv4:10.0.0.1:100"), nullptr);
  EXPECT_TRUE(first->made_room);
}

TEST_F(OpenStreamsTest, EachStreamIsCheckedEightTimesPerLimitUntilItLeaves) {
  clock_.AwaitWaiters();
  FakeStream* const stream = Enter("ipv4:10.0.0.1:100");
  const absl::Time start = clock_.Now();
  clock_.Pass(kUnreadMax);
  ASSERT_EQ(stream->looked_since.size(), 8);
  EXPECT_EQ(stream->looked_since.back(), start) << "what is unread since then is too late";
  open_.Leave(stream);
  clock_.Pass(kUnreadMax);
  EXPECT_EQ(stream->looked_since.size(), 8);
}

}  // namespace
}  // namespace fairway::rpc
