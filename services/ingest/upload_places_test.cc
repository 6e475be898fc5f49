#include "services/ingest/upload_places.h"

#include <future>
#include <memory>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/domain/error_details.h"

namespace fairway::ingest {
namespace {

class UploadPlacesTest : public ::testing::Test {
 protected:
  static constexpr int kPlaces = 8;

  ~UploadPlacesTest() override {
    if (!leave_.HasBeenNotified()) leave_.Notify();
  }

  // An upload that stays until leave_; its future has what it was told at first.
  std::future<absl::Status> Enter(const Claimant& claimant, std::stop_token stop = {},
                                  absl::Notification* leave = nullptr) {
    auto told = std::make_shared<std::promise<absl::Status>>();
    if (leave == nullptr) leave = &leave_;
    places_.Enter(claimant, Deadline(absl::Now() + absl::Seconds(60), stop),
                  [told, leave](const absl::Status& status) {
                    told->set_value(status);
                    if (status.ok()) leave->WaitForNotification();
                  });
    return told->get_future();
  }
  static bool IsWaiting(std::future<absl::Status>& told) {
    return told.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
  }

  absl::Notification leave_;
  UploadPlaces places_{{.places = kPlaces, .waiting_max = 4}};
};

TEST_F(UploadPlacesTest, NoPartnerFillsThemAll) {
  std::vector<std::future<absl::Status>> greedy;
  for (int i = 0; i < kPlaces; ++i) greedy.push_back(Enter({"greedy", absl::StrCat(i)}));
  for (int i = 0; i < 6; ++i) FAIRWAY_EXPECT_OK(greedy[static_cast<size_t>(i)].get());
  EXPECT_EQ(places_.taken(), 6);
  FAIRWAY_EXPECT_OK(Enter({"other", "0"}).get());
  EXPECT_TRUE(IsWaiting(greedy[6]) && IsWaiting(greedy[7]));
  EXPECT_FALSE(places_.MustYield({"other", "0"})) << "that would not help who waits";
  EXPECT_TRUE(places_.MustYield({"greedy", "1"}));
  EXPECT_TRUE(places_.MustYield({"greedy", "2"}));
  EXPECT_FALSE(places_.MustYield({"greedy", "3"})) << "only two wait";
  leave_.Notify();
  FAIRWAY_EXPECT_OK(greedy[6].get());
  FAIRWAY_EXPECT_OK(greedy[7].get());
}

TEST_F(UploadPlacesTest, NoAddressFillsThemAll) {
  std::vector<std::future<absl::Status>> greedy;
  for (int i = 0; i < kPlaces; ++i) greedy.push_back(Enter({absl::StrCat(i), "greedy"}));
  for (int i = 0; i < 7; ++i) FAIRWAY_EXPECT_OK(greedy[static_cast<size_t>(i)].get());
  EXPECT_TRUE(IsWaiting(greedy[7]));
  FAIRWAY_EXPECT_OK(Enter({"other", "other"}).get());
  EXPECT_EQ(places_.taken(), kPlaces);
}

TEST_F(UploadPlacesTest, APlaceThatComesFreeGoesToWhoHoldsTheFewest) {
  absl::Notification first_leaves;
  std::vector<std::future<absl::Status>> running;
  running.push_back(Enter({"a", "0"}, {}, &first_leaves));
  for (int i = 1; i < 4; ++i) running.push_back(Enter({"a", absl::StrCat(i)}));
  for (int i = 4; i < kPlaces; ++i) running.push_back(Enter({"b", absl::StrCat(i)}));
  for (auto& told : running) FAIRWAY_EXPECT_OK(told.get());
  auto again = Enter({"b", "x"});
  auto stranger = Enter({"c", "y"});
  first_leaves.Notify();
  FAIRWAY_EXPECT_OK(stranger.get());
  EXPECT_TRUE(IsWaiting(again));
}

TEST_F(UploadPlacesTest, WaitingEnds) {
  UploadPlaces places({.places = 1, .waiting_max = 2, .wait_max = absl::Milliseconds(20)});
  const auto enter = [&](std::stop_token stop) {
    auto told = std::make_shared<std::promise<absl::Status>>();
    places.Enter({"a", "b"}, Deadline(absl::Now() + absl::Seconds(60), stop),
                 [this, told](const absl::Status& status) {
                   told->set_value(status);
                   if (status.ok()) leave_.WaitForNotification();
                 });
    return told->get_future();
  };
  FAIRWAY_EXPECT_OK(enter({}).get());
  const absl::Cleanup leave = [this] { leave_.Notify(); };
  EXPECT_EQ(ReasonOf(enter({}).get()), "OVERLOADED") << "after a while";
  std::stop_source stop;
  auto cancelled = enter(stop.get_token());
  auto other = enter({});
  EXPECT_EQ(ReasonOf(enter({}).get()), "OVERLOADED") << "at once: the queue is bounded";
  stop.request_stop();
  EXPECT_EQ(ReasonOf(cancelled.get()), "CANCELLED");
  EXPECT_EQ(ReasonOf(other.get()), "OVERLOADED");
}

}  // namespace
}  // namespace fairway::ingest
