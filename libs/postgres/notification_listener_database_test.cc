#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/notification_listener.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/test_database.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;

class NotificationListenerTest : public ::testing::Test {
 protected:
  void Say() { Execute(database_.options(), "NOTIFY news"); }

  TestDatabase database_;
  FaultProxy proxy_{database_.options()};
  NotificationListener listener_{proxy_.options(), "news"};
};

TEST_F(NotificationListenerTest, ANewSessionIsNewsAndThenEveryNotification) {
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  EXPECT_THAT(listener_.Wait(absl::Now()), IsOkAndHolds(false));
  Say();
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  Say();
  Execute(database_.options(), "NOTIFY other");
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  EXPECT_THAT(listener_.Wait(absl::Now() + absl::Milliseconds(20)), IsOkAndHolds(false));
}

TEST_F(NotificationListenerTest, SeveralAtOnceAreOne) {
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  Execute(database_.options(), "BEGIN; NOTIFY news, 'one'; NOTIFY news, 'two'; COMMIT");
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  EXPECT_THAT(listener_.Wait(absl::Now()), IsOkAndHolds(false));
}

// The server is asked whether it lives after a silence, and not before.
TEST_F(NotificationListenerTest, AServerThatWasJustHeardIsNotAsked) {
  NotificationListener listener(database_.options(), "news", /*silence_max=*/absl::Seconds(60));
  EXPECT_THAT(listener.Wait(Soon()), IsOkAndHolds(true));
  const auto last_question = [this] {
    return testing::QueryText(database_.options(),
                              "SELECT query_start FROM pg_stat_activity WHERE query = 'LISTEN "
                              "news' AND datname = current_database()");
  };
  const std::string before = last_question();
  EXPECT_THAT(listener.Wait(absl::Now() + absl::Milliseconds(20)), IsOkAndHolds(false));
  EXPECT_EQ(last_question(), before);
}

TEST_F(NotificationListenerTest, ANotificationEndsAWaiting) {
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  std::thread speaker([&] { Say(); });
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  speaker.join();
}

TEST_F(NotificationListenerTest, ALostSessionIsReportedAndOpenedAgain) {
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  proxy_.Refuse();
  EXPECT_THAT(listener_.Wait(Soon()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(listener_.Wait(Soon()), StatusIs(absl::StatusCode::kUnavailable));
  proxy_.Pass();
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
  Say();
  EXPECT_THAT(listener_.Wait(Soon()), IsOkAndHolds(true));
}

TEST_F(NotificationListenerTest, AStalledServerCostsNoMoreThanTheDeadline) {
  proxy_.Stall();
  EXPECT_THAT(listener_.Wait(absl::Now() + absl::Milliseconds(100)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(NotificationListenerTest, AStopRequestEndsEveryWait) {
  std::stop_source stop;
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  EXPECT_THAT(listener_.Wait(deadline), IsOkAndHolds(true));
  std::thread stopper([&] { stop.request_stop(); });
  EXPECT_THAT(listener_.Wait(deadline), IsOkAndHolds(false));
  stopper.join();
  EXPECT_THAT(listener_.Wait(deadline), IsOkAndHolds(false));
}

}  // namespace
}  // namespace fairway::postgres
