#include "libs/observability/health_check.h"

#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/net/descriptor.h"
#include "libs/net/listener.h"
#include "libs/observability/admin_server.h"

namespace fairway::observability {
namespace {

using ::fairway::testing::IsOk;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

class HealthCheckTest : public ::testing::TestWithParam<const char*> {
 protected:
  std::atomic<bool> ready_ = true;
  std::unique_ptr<AdminServer> server_ =
      AdminServer::Start(absl::StartsWith(GetParam(), "[") ? "[::]:0" : "127.0.0.1:0", {}, [this] {
        return ready_ ? absl::OkStatus() : absl::UnavailableError("loading the price book");
      }).value();
};

TEST_P(HealthCheckTest, SaysWhatTheServiceSays) {
  const std::string address = absl::StrCat(GetParam(), ":", server_->port());
  EXPECT_THAT(CheckHealth(address), IsOk());
  ready_ = false;
  EXPECT_THAT(CheckHealth(address),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("loading the price book")));
}

INSTANTIATE_TEST_SUITE_P(Listening, HealthCheckTest,
                         ::testing::Values("127.0.0.1", "0.0.0.0", "", "[::1]", "[::]",
                                           "localhost"));

TEST(HealthCheck, FailsWhereNothingListens) {
  int port = 0;
  {
    const auto server = AdminServer::Start("127.0.0.1:0", {}, [] { return absl::OkStatus(); });
    port = (*server)->port();
  }
  EXPECT_THAT(CheckHealth(absl::StrCat("127.0.0.1:", port)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no answer")));
  EXPECT_THAT(CheckHealth("nonsense"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nonsense")));
}

TEST(HealthCheck, AServiceThatDoesNotAnswerIsNotReady) {
  const auto silent = net::Listener::Bind("127.0.0.1:0", 100);  // Connects, and no more.
  FAIRWAY_ASSERT_OK(silent);
  EXPECT_THAT(CheckHealth(absl::StrCat("127.0.0.1:", (*silent)->port()), absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no answer")));
}

// Takes any connection, and says what no HTTP server would.
TEST(HealthCheck, WhatIsNoAnswerOfHttpIsNone) {
  std::mutex mutex;
  std::vector<net::Descriptor> taken;
  const auto other = net::Listener::Bind("127.0.0.1:0", 100);
  FAIRWAY_ASSERT_OK(other);
  (*other)->Start([&](int, int accepted) {
    const std::lock_guard lock(mutex);
    taken.emplace_back(accepted);
    EXPECT_EQ(send(accepted, "SSH-2.0-x 200\r\n", 15, MSG_NOSIGNAL), 15);
    shutdown(accepted, SHUT_WR);
  });
  EXPECT_THAT(CheckHealth(absl::StrCat("127.0.0.1:", (*other)->port())),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no answer")));
  (*other)->Stop();
}

}  // namespace
}  // namespace fairway::observability
