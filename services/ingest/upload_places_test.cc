#include "services/ingest/upload_places.h"

#include <future>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

class UploadPlacesTest : public ::testing::Test {
 protected:
  static constexpr int kPlaces = 8;

  ~UploadPlacesTest() override {
    if (!leave_.HasBeenNotified()) leave_.Notify();
  }

  using Outcome = std::future<absl::StatusOr<UploadPlaces::Place*>>;

  // An upload that keeps its place until `leave`.
  static Outcome EnterInto(UploadPlaces& places, const Claimant& claimant,
                           absl::Notification& leave, std::stop_token stop = {}) {
    auto outcome = std::make_shared<std::promise<absl::StatusOr<UploadPlaces::Place*>>>();
    places.Enter(claimant, Deadline(absl::InfiniteFuture(), std::move(stop)),
                 [outcome, &leave](const absl::StatusOr<UploadPlaces::Place*>& place) {
                   outcome->set_value(place);
                   if (place.ok()) leave.WaitForNotification();
                 });
    return outcome->get_future();
  }
  Outcome Enter(const Claimant& claimant) { return EnterInto(places_, claimant, leave_); }
  // One that gets a place at once.
  UploadPlaces::Place& Take(const Claimant& claimant) { return Take(claimant, leave_); }
  UploadPlaces::Place& Take(const Claimant& claimant, absl::Notification& leave) {
    return *EnterInto(places_, claimant, leave).get().value();
  }
  static bool IsWaiting(Outcome& outcome) {
    return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
  }
  static std::string ReasonOfRefusal(Outcome& outcome) {
    return IsWaiting(outcome) ? "still waiting" : ReasonOf(outcome.get().status());
  }

  absl::Notification leave_;
  FakeClock clock_;
  UploadPlaces places_{{.places = kPlaces, .waiting_max = 4}, &clock_};
};

TEST_F(UploadPlacesTest, NoPartnerFillsThemAll) {
  std::vector<UploadPlaces::Place*> greedy;
  for (int i = 0; i < 6; ++i) greedy.push_back(&Take({"greedy", absl::StrCat(i)}));
  Outcome seventh = Enter({"greedy", "6"});
  Outcome eighth = Enter({"greedy", "7"});
  EXPECT_EQ(places_.taken(), 6);
  UploadPlaces::Place& other = Take({"other", "0"});
  EXPECT_TRUE(IsWaiting(seventh) && IsWaiting(eighth));
  EXPECT_FALSE(other.MustYield()) << "that would not help those that wait";
  EXPECT_TRUE(greedy[1]->MustYield());
  EXPECT_TRUE(greedy[2]->MustYield());
  EXPECT_FALSE(greedy[3]->MustYield()) << "only two wait";
  EXPECT_TRUE(greedy[1]->MustYield()) << "however often it asks";
  leave_.Notify();
  FAIRWAY_EXPECT_OK(seventh.get());
  FAIRWAY_EXPECT_OK(eighth.get());
}

TEST_F(UploadPlacesTest, NoAddressFillsThemAll) {
  for (int i = 0; i < 7; ++i) Take({absl::StrCat(i), "greedy"});
  Outcome eighth = Enter({"7", "greedy"});
  EXPECT_TRUE(IsWaiting(eighth));
  Take({"other", "other"});
  EXPECT_EQ(places_.taken(), kPlaces);
}

TEST_F(UploadPlacesTest, APlaceThatComesFreeGoesToTheOneThatHoldsTheFewest) {
  absl::Notification first_leaves;
  Take({"a", "0"}, first_leaves);
  for (int i = 1; i < 4; ++i) Take({"a", absl::StrCat(i)});
  for (int i = 4; i < kPlaces; ++i) Take({"b", absl::StrCat(i)});
  Outcome again = Enter({"b", "x"});
  Outcome stranger = Enter({"c", "y"});
  first_leaves.Notify();
  FAIRWAY_EXPECT_OK(stranger.get());
  EXPECT_TRUE(IsWaiting(again));
}

TEST_F(UploadPlacesTest, AmongEqualsTheFirstThatCameIsFirst) {
  absl::Notification first_leaves;
  Take({"a", "0"}, first_leaves);
  for (int i = 1; i < 4; ++i) Take({"a", absl::StrCat(i)});
  for (int i = 4; i < kPlaces; ++i) Take({"b", absl::StrCat(i)});
  Outcome early = Enter({"c", "x"});
  Outcome late = Enter({"d", "y"});
  first_leaves.Notify();
  FAIRWAY_EXPECT_OK(early.get());
  EXPECT_TRUE(IsWaiting(late));
}

TEST_F(UploadPlacesTest, EachWaitsUntilItsOwnDeadline) {
  for (int i = 0; i < 4; ++i) Take({"a", absl::StrCat(i)});
  for (int i = 4; i < kPlaces; ++i) Take({"b", absl::StrCat(i)});
  std::promise<std::string> refused;
  places_.Enter({"c", "x"}, Deadline(clock_.Now() + absl::Seconds(3)),
                [&](const absl::StatusOr<UploadPlaces::Place*>& place) {
                  refused.set_value(ReasonOf(place.status()));
                });
  Outcome later = Enter({"d", "y"});
  clock_.AwaitWaiters();
  clock_.Pass(absl::Seconds(3));
  EXPECT_EQ(refused.get_future().get(), reasons::kOverloaded);
  EXPECT_TRUE(IsWaiting(later)) << "ten seconds at most";
}

TEST_F(UploadPlacesTest, WhoWaitsIsRefusedWhenTheyGo) {
  auto places = std::make_unique<UploadPlaces>(UploadPlaces::Options{.places = 1}, &clock_);
  absl::Notification leave;
  Outcome holder = EnterInto(*places, {"a", "0"}, leave);
  FAIRWAY_EXPECT_OK(holder.get());
  Outcome waiter = EnterInto(*places, {"b", "1"}, leave);
  auto gone = std::async(std::launch::async, [&] { places.reset(); });
  const bool is_refused = waiter.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
  EXPECT_TRUE(is_refused) << "it waits for the one that has a place";
  if (is_refused) {
    EXPECT_EQ(ReasonOf(waiter.get().status()), reasons::kOverloaded);
  }
  leave.Notify();
  gone.wait();
}

TEST_F(UploadPlacesTest, PartnersBehindOneProxyShareItsPlaces) {
  absl::Notification first_leaves;
  Take({"a", "proxy"}, first_leaves);
  for (int i = 1; i < 6; ++i) Take({"a", "proxy"});
  Take({"b", "proxy"});
  Outcome again = Enter({"b", "proxy"});
  Outcome stranger = Enter({"c", "proxy"});
  first_leaves.Notify();
  FAIRWAY_EXPECT_OK(stranger.get());
  EXPECT_TRUE(IsWaiting(again));
}

// Uploads that end by themselves while another one is on its way out change nothing about that.
TEST_F(UploadPlacesTest, OneUploadYieldsForOneThatWaits) {
  absl::Notification leaves;
  UploadPlaces::Place& of_a = Take({"a", "0"});
  for (int i = 1; i < 5; ++i) Take({"a", absl::StrCat(i)});
  Take({"a", "5"}, leaves);
  UploadPlaces::Place& of_b = Take({"b", "6"});
  Take({"b", "7"});
  Outcome waiter = Enter({"c", "8"});
  EXPECT_TRUE(of_a.MustYield());
  EXPECT_FALSE(of_b.MustYield()) << "another upload is leaving for it";
  leaves.Notify();
  FAIRWAY_ASSERT_OK(waiter.get());
  EXPECT_FALSE(of_b.MustYield()) << "no upload waits";
  Outcome second = Enter({"d", "9"});
  EXPECT_FALSE(of_b.MustYield()) << "the one that is still leaving makes room";
  Outcome third = Enter({"e", "9"});
  EXPECT_TRUE(of_b.MustYield());
}

TEST_F(UploadPlacesTest, AsManyYieldAsThereAreWaitersThatFit) {
  std::vector<UploadPlaces::Place*> of_a;
  for (int i = 0; i < 6; ++i) of_a.push_back(&Take({"a", absl::StrCat(i)}));
  Outcome seventh_of_a = Enter({"a", "x"});
  EXPECT_TRUE(of_a[0]->MustYield());
  UploadPlaces::Place& of_b = Take({"b", "6"});
  Take({"b", "7"});
  EXPECT_FALSE(of_b.MustYield());
  Outcome of_c = Enter({"c", "8"});
  EXPECT_TRUE(of_a[1]->MustYield()) << "`c` holds fewer than `a` and gets the first place";
  EXPECT_FALSE(of_a[2]->MustYield());
  EXPECT_FALSE(of_b.MustYield());
}

// An upload that has the only place, and others that wait for it.
class WaitingUploadsTest : public UploadPlacesTest {
 protected:
  static constexpr absl::Duration kWaitMax = absl::Seconds(10);

  WaitingUploadsTest() { FAIRWAY_EXPECT_OK(Wait().get()); }
  ~WaitingUploadsTest() override { leave_.Notify(); }

  Outcome Wait(std::stop_token stop = {}) {
    return EnterInto(place_, {"a", "b"}, leave_, std::move(stop));
  }
  // The reason, when time alone does not end the wait.
  static std::string ReasonSoon(Outcome& outcome) {
    if (outcome.wait_until(absl::ToChronoTime(Soon())) == std::future_status::ready) {
      return ReasonOf(outcome.get().status());
    }
    return "still waiting";
  }

  UploadPlaces place_{{.places = 1, .waiting_max = 2, .wait_max = kWaitMax}, &clock_};
};

TEST_F(WaitingUploadsTest, AreRefusedAfterAWhile) {
  Outcome first = Wait();
  clock_.Advance(absl::Seconds(4));
  Outcome second = Wait();
  clock_.Advance(absl::Seconds(6) - absl::Nanoseconds(1));
  EXPECT_TRUE(IsWaiting(first));
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(ReasonSoon(first), reasons::kOverloaded);
  EXPECT_TRUE(IsWaiting(second));
  clock_.Advance(absl::Seconds(4));
  EXPECT_EQ(ReasonSoon(second), reasons::kOverloaded);
}

TEST_F(WaitingUploadsTest, AreRefusedAtOnceWhereTheListIsFull) {
  Outcome first = Wait();
  Outcome second = Wait();
  EXPECT_EQ(ReasonOf(Wait().get().status()), reasons::kOverloaded);
  EXPECT_TRUE(IsWaiting(first) && IsWaiting(second));
}

TEST_F(WaitingUploadsTest, EndWhenTheirClientsCancel) {
  std::stop_source stop;
  Outcome cancelled = Wait(stop.get_token());
  Outcome other = Wait();
  absl::SleepFor(absl::Milliseconds(20));  // What their arrival set off is over then.
  stop.request_stop();
  EXPECT_EQ(ReasonSoon(cancelled), reasons::kCancelled);
  EXPECT_TRUE(IsWaiting(other));
}

TEST_F(WaitingUploadsTest, AreRefusedWhenThePlacesGo) {
  Outcome waiter;
  {
    absl::Notification leave;
    UploadPlaces places({.places = 1, .waiting_max = 2, .wait_max = kWaitMax}, &clock_);
    FAIRWAY_EXPECT_OK(EnterInto(places, {"a", "b"}, leave).get());
    waiter = EnterInto(places, {"a", "b"}, leave);
    EXPECT_TRUE(IsWaiting(waiter));
    leave.Notify();
  }
  EXPECT_FALSE(IsWaiting(waiter));
}

// No upload has to leave for those that would be refused.
TEST_F(UploadPlacesTest, ClosedItKeepsThoseThatHaveAPlace) {
  UploadPlaces::Place& holder = Take({"a", "0"});
  for (int i = 1; i < kPlaces; ++i) Take({absl::StrCat(i), absl::StrCat(i)});
  Outcome waiter = Enter({"b", "8"});
  places_.Close(DrainingError());
  EXPECT_EQ(ReasonOf(waiter.get().status()), reasons::kDraining);
  EXPECT_EQ(ReasonOf(Enter({"c", "9"}).get().status()), reasons::kDraining);
  EXPECT_FALSE(holder.MustYield());
  EXPECT_EQ(places_.taken(), kPlaces);
}

// The list has room for four.
TEST_F(UploadPlacesTest, NoPartnerFillsTheWaitingList) {
  for (int i = 0; i < kPlaces; ++i) Take({absl::StrCat(i), absl::StrCat(i)});
  Outcome first_greedy = Enter({"greedy", "1.1.1.1"});
  Outcome second_greedy = Enter({"greedy", "1.1.1.2"});
  Outcome first_twin = Enter({"twin-1", "2.2.2.2"});
  Outcome second_twin = Enter({"twin-2", "2.2.2.2"});
  Outcome third_greedy = Enter({"greedy", "1.1.1.3"});
  EXPECT_EQ(ReasonOfRefusal(third_greedy), reasons::kOverloaded) << "it has its share";
  Outcome stranger = Enter({"stranger", "3.3.3.3"});
  EXPECT_TRUE(IsWaiting(stranger));
  EXPECT_EQ(ReasonOfRefusal(second_twin), reasons::kOverloaded)
      << "the last of those that wait most often";
  Outcome other = Enter({"other", "4.4.4.4"});
  EXPECT_TRUE(IsWaiting(other));
  EXPECT_EQ(ReasonOfRefusal(second_greedy), reasons::kOverloaded);
  Outcome one_too_many = Enter({"fifth", "5.5.5.5"});
  EXPECT_EQ(ReasonOfRefusal(one_too_many), reasons::kOverloaded) << "no owner has more than one";
  EXPECT_TRUE(IsWaiting(first_greedy) && IsWaiting(first_twin));
}

TEST_F(UploadPlacesTest, PartnersBehindOneProxyShareItsPartOfTheWaitingList) {
  for (int i = 0; i < kPlaces; ++i) Take({absl::StrCat(i), absl::StrCat(i)});
  std::vector<Outcome> greedy;
  for (int i = 0; i < 4; ++i) greedy.push_back(Enter({"greedy", "proxy"}));
  Outcome other = Enter({"other", "proxy"});
  EXPECT_TRUE(IsWaiting(other));
  EXPECT_EQ(ReasonOfRefusal(greedy[3]), reasons::kOverloaded);
}

}  // namespace
}  // namespace fairway::ingest
