#include "libs/observability/health_check.h"

#include <atomic>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
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

}  // namespace
}  // namespace fairway::observability
