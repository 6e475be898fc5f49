#include "services/ingest/refuse_uploads.h"

#include <future>
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::ingest {
namespace {

class RefuseUploadsTest : public ::testing::Test {
 protected:
  ~RefuseUploadsTest() override { leave_.Notify(); }

  // The reason of a refusal; "" for an upload that has a place, and keeps it.
  std::future<std::string> Enter(const std::string& partner) {
    auto reason = std::make_shared<std::promise<std::string>>();
    places_.Enter({partner, partner}, absl::InfiniteFuture(),
                  [this, reason](const absl::StatusOr<UploadPlaces::Place*>& place) {
                    reason->set_value(ReasonOf(place.status()));
                    if (place.ok()) leave_.WaitForNotification();
                  });
    return reason->get_future();
  }

  absl::Notification leave_;
  FakeClock clock_;
  Admission admission_{&clock_};
  UploadPlaces places_{{.places = 1}, &clock_};
};

TEST_F(RefuseUploadsTest, NothingNewBeginsAndWhatRunsGoesOn) {
  const auto running = admission_.Enter();
  FAIRWAY_ASSERT_OK(running);
  ASSERT_EQ(Enter("first").get(), "");
  std::future<std::string> waiting = Enter("second");
  RefuseUploads(admission_, places_);
  EXPECT_EQ(waiting.get(), reasons::kDraining) << "it has no place yet";
  EXPECT_EQ(Enter("third").get(), reasons::kDraining) << "it came later";
  EXPECT_EQ(ReasonOf(admission_.Enter().status()), reasons::kDraining) << "it has a place already";
  EXPECT_EQ(places_.taken(), 1);
  EXPECT_EQ(admission_.open(), 1);
}

}  // namespace
}  // namespace fairway::ingest
