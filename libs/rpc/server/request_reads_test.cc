#include "libs/rpc/server/request_reads.h"

#include <future>
#include <list>
#include <optional>
#include <string>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::rpc {
namespace {

struct FakeReader final : RequestReads::Reader {
  void StartReading() override { started.Notify(); }
  void GiveUp(const absl::Status& status) override { why.set_value(ReasonOf(status)); }
  bool is_given_up() const {
    return reason.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  std::promise<std::string> why;
  std::future<std::string> reason = why.get_future();
  absl::Notification started;
};

class RequestReadsTest : public ::testing::Test {
 protected:
  void Use(const RequestReads::Options& options) {
    reads_.emplace(options, &clock_);
    clock_.AwaitWaiters();  // The first check is done.
  }
  FakeReader& Enter(const std::string& peer) {
    readers_.emplace_back();
    reads_->Enter(readers_.back(), peer);
    return readers_.back();
  }

  FakeClock clock_;
  std::list<FakeReader> readers_;
  std::optional<RequestReads> reads_;
};

TEST_F(RequestReadsTest, OnlyAFewAreReadAtATime) {
  Use({.reads_max = 2, .per_address_max = 2, .time_max = absl::Hours(1), .grace = absl::Hours(1)});
  FakeReader& first = Enter("ipv4:10.0.0.1:100");
  Enter("ipv4:10.0.0.1:100");
  FakeReader& third = Enter("ipv4:10.0.0.1:101");
  FakeReader& fourth = Enter("ipv4:10.0.0.1:101");
  EXPECT_TRUE(first.started.HasBeenNotified());
  EXPECT_FALSE(third.started.HasBeenNotified());
  EXPECT_TRUE(reads_->Leave(first));
  EXPECT_TRUE(third.started.HasBeenNotified());
  EXPECT_FALSE(fourth.started.HasBeenNotified());
  EXPECT_FALSE(reads_->LeaveQueue(third)) << "it is being read";
  EXPECT_TRUE(reads_->LeaveQueue(fourth));
  EXPECT_FALSE(reads_->Leave(fourth)) << "it left already";
}

TEST_F(RequestReadsTest, NoAddressHasAllOfThem) {
  Use({.reads_max = 4, .per_address_max = 3, .time_max = absl::Hours(1), .grace = absl::Hours(1)});
  FakeReader& first = Enter("ipv4:10.0.0.1:100");
  for (int i = 0; i < 5; ++i) Enter("ipv4:10.0.0.1:101");
  FakeReader& other = Enter("ipv4:10.0.0.2:100");
  EXPECT_TRUE(other.started.HasBeenNotified());
  FakeReader& stranger = Enter("ipv4:10.0.0.3:100");
  EXPECT_FALSE(stranger.started.HasBeenNotified());
  EXPECT_TRUE(reads_->Leave(first));
  EXPECT_TRUE(stranger.started.HasBeenNotified()) << "those with the fewest come first";
}

TEST_F(RequestReadsTest, ARequestThatComesTooSlowlyIsRefused) {
  Use({.reads_max = 4,
       .per_address_max = 4,
       .time_max = absl::Seconds(20),
       .grace = absl::Seconds(5)});
  FakeReader& reader = Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Seconds(20));
  EXPECT_FALSE(reader.is_given_up());
  clock_.Pass(absl::Seconds(1));
  EXPECT_EQ(reader.reason.get(), reasons::kDeadlineExceeded);
  EXPECT_FALSE(reads_->Leave(reader));
}

TEST_F(RequestReadsTest, ASlowRequestEndsSoonerWhereAnotherOneWaitsForItsTurn) {
  Use({.reads_max = 3,
       .per_address_max = 2,
       .time_max = absl::Hours(1),
       .grace = absl::Seconds(20)});
  FakeReader& slow = Enter("ipv4:10.0.0.1:100");
  Enter("ipv4:10.0.0.1:100");
  FakeReader& next = Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Seconds(20));
  EXPECT_FALSE(next.started.HasBeenNotified()) << "each has its grace";
  clock_.Pass(absl::Seconds(4));
  EXPECT_TRUE(next.started.HasBeenNotified());
  EXPECT_EQ(slow.reason.get(), reasons::kOverloaded);
}

TEST_F(RequestReadsTest, ASlowRequestGoesOnWhileNoOtherOneWaits) {
  Use({.reads_max = 1,
       .per_address_max = 1,
       .time_max = absl::Minutes(5),
       .grace = absl::Seconds(20)});
  FakeReader& slow = Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Minutes(4));
  EXPECT_FALSE(slow.is_given_up());
}

TEST_F(RequestReadsTest, ASlowRequestOfAnotherAddressGoesOnWhereItsEndWouldNotHelp) {
  Use({.reads_max = 3,
       .per_address_max = 1,
       .time_max = absl::Hours(1),
       .grace = absl::Seconds(20)});
  FakeReader& other = Enter("ipv4:10.0.0.2:100");
  for (int i = 0; i < 3; ++i) Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Minutes(2));
  EXPECT_TRUE(readers_.back().started.HasBeenNotified());
  EXPECT_FALSE(other.is_given_up());
}

TEST_F(RequestReadsTest, ASlowRequestEndsForAnotherAddressWhereNoPlaceIsLeft) {
  Use({.reads_max = 2,
       .per_address_max = 2,
       .time_max = absl::Hours(1),
       .grace = absl::Seconds(20)});
  FakeReader& slow = Enter("ipv4:10.0.0.1:100");
  Enter("ipv4:10.0.0.1:100");
  FakeReader& other = Enter("ipv4:10.0.0.2:100");
  clock_.Pass(absl::Seconds(24));
  EXPECT_TRUE(other.started.HasBeenNotified());
  EXPECT_TRUE(slow.is_given_up());
}

TEST_F(RequestReadsTest, TimeInTheQueueIsNotTimeOfTheRead) {
  Use({.reads_max = 1,
       .per_address_max = 1,
       .time_max = absl::Seconds(20),
       .grace = absl::Seconds(5)});
  FakeReader& first = Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Seconds(1));
  FakeReader& second = Enter("ipv4:10.0.0.1:100");
  clock_.Pass(absl::Seconds(3));
  EXPECT_TRUE(reads_->Leave(first));
  ASSERT_TRUE(second.started.HasBeenNotified());
  clock_.Pass(absl::Seconds(19));
  EXPECT_FALSE(second.is_given_up()) << "it entered 22 seconds ago, and is read since 19";
  clock_.Pass(absl::Seconds(2));
  EXPECT_EQ(second.reason.get(), reasons::kDeadlineExceeded);
}

TEST_F(RequestReadsTest, WaitingEndsInTime) {
  Use({.reads_max = 1,
       .per_address_max = 1,
       .time_max = absl::Seconds(20),
       .grace = absl::Seconds(20)});
  std::list<FakeReader*> all;
  for (int i = 0; i < 20; ++i) all.push_back(&Enter("ipv4:10.0.0.1:100"));
  clock_.Pass(absl::Seconds(24));
  for (FakeReader* const reader : all) ASSERT_TRUE(reader->is_given_up());
  EXPECT_EQ(all.back()->reason.get(), reasons::kOverloaded);
  EXPECT_FALSE(all.back()->started.HasBeenNotified());
}

}  // namespace
}  // namespace fairway::rpc
