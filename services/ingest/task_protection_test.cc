#include "services/ingest/task_protection.h"

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/http/testing/fake_client.h"
#include "services/ingest/admission.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kProtect[] = R"({"ExpiresInMinutes":40,"ProtectionEnabled":true})";
constexpr char kLift[] = R"({"ProtectionEnabled":false})";

class TaskProtectionTest : public ::testing::Test {
 protected:
  // The bodies of what the agent was asked so far.
  std::vector<std::string> Asked() const {
    std::vector<std::string> bodies;
    for (const http::Request& request : agent_.requests()) bodies.push_back(request.body);
    return bodies;
  }
  void AwaitAsked(size_t count) const {
    EXPECT_TRUE(Eventually([&] { return agent_.requests().size() >= count; }));
  }
  static http::Response Confirm(const http::Request& request) {
    const bool is_protected = request.body != kLift;
    return {.status = 200,
            .body = absl::StrCat(R"({"protection":{"ProtectionEnabled":)",
                                 is_protected ? "true" : "false", "}}")};
  }

  std::function<absl::StatusOr<http::Response>(const http::Request&)> answer_ = Confirm;
  http::FakeClient agent_{[this](const http::Request& request, int) { return answer_(request); }};
  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
  std::ostringstream log_;
  const observability::Logger logger_{"ingest", observability::LogLevel::kInfo, log_};
  TaskProtection protection_{"http://agent", &agent_, &clock_, &logger_};
  Admission admission_{&clock_, &protection_};
};

TEST_F(TaskProtectionTest, HoldsTheTaskWhileUploadsRun) {
  {
    const auto first = admission_.Enter();
    FAIRWAY_ASSERT_OK(first);
    EXPECT_THAT(Asked(), ElementsAre(kProtect)) << "before the upload is taken";
    EXPECT_EQ(agent_.requests()[0].method, "PUT");
    EXPECT_EQ(agent_.requests()[0].url, "http://agent/task-protection/v1/state");
    EXPECT_TRUE(agent_.requests()[0].is_local) << "no proxy leads there";
    const auto second = admission_.Enter();
    FAIRWAY_ASSERT_OK(second);
  }
  AwaitAsked(2);
  EXPECT_THAT(Asked(), ElementsAre(kProtect, kLift)) << "once for both";
  FAIRWAY_ASSERT_OK(admission_.Enter());
  AwaitAsked(4);
  EXPECT_THAT(Asked(), ElementsAre(kProtect, kLift, kProtect, kLift));
}

TEST_F(TaskProtectionTest, AnUploadThatEndsLiftsNothingWhileAnotherOneRuns) {
  {
    const auto first = admission_.Enter();
    FAIRWAY_ASSERT_OK(admission_.Enter());
    EXPECT_FALSE(
        Eventually([&] { return agent_.requests().size() > 1; }, Soon(absl::Milliseconds(50))));
  }
  AwaitAsked(2);
  EXPECT_THAT(Asked(), ElementsAre(kProtect, kLift));
}

TEST_F(TaskProtectionTest, AsksAgainBeforeAnUploadCouldOutliveIt) {
  const auto first = admission_.Enter();
  clock_.Advance(absl::Minutes(10));
  const auto second = admission_.Enter();
  EXPECT_THAT(Asked(), ElementsAre(kProtect));
  clock_.Advance(absl::Seconds(1));
  const auto third = admission_.Enter();
  EXPECT_THAT(Asked(), ElementsAre(kProtect, kProtect));
}

TEST_F(TaskProtectionTest, ATaskThatIsToGoTakesNoUpload) {
  answer_ = [](const http::Request&) {
    return http::Response{.status = 200, .body = R"({"failure":{"Reason":"DEPLOYMENT_BLOCKED"}})"};
  };
  EXPECT_EQ(ReasonOf(admission_.Enter().status()), reasons::kDraining);
  EXPECT_EQ(admission_.open(), 0);
  EXPECT_THAT(log_.str(), HasSubstr("DEPLOYMENT_BLOCKED"));
  answer_ = Confirm;
  FAIRWAY_EXPECT_OK(admission_.Enter());
}

TEST_F(TaskProtectionTest, AnAgentThatFailsKeepsNoUploadAway) {
  const std::vector<absl::StatusOr<http::Response>> failures = {
      absl::UnavailableError("no agent"),
      http::Response{.status = 400, .body = R"({"error":{"Code":"AccessDeniedException"}})"},
      http::Response{.status = 200, .body = R"({"protection":{"ProtectionEnabled":false}})"},
      http::Response{.status = 200, .body = R"({"failure":{"Reason":7},"error":"x"})"},
      http::Response{.status = 500, .body = "no JSON"},
      http::Response{.status = 400, .body = R"({"protection":{"ProtectionEnabled":true}})"}};
  for (const auto& failure : failures) {
    log_.str("");
    answer_ = [&](const http::Request&) { return failure; };
    FAIRWAY_EXPECT_OK(admission_.Enter());
    EXPECT_THAT(log_.str(), HasSubstr("not protected"));
  }
  EXPECT_THAT(Asked(), ::testing::Each(kProtect)) << "there is nothing to lift";
}

TEST_F(TaskProtectionTest, AProtectionThatCannotBeLiftedIsLoggedAndAskedForAnew) {
  answer_ = [](const http::Request& request) -> absl::StatusOr<http::Response> {
    if (request.body == kLift) return absl::UnavailableError("no agent");
    return Confirm(request);
  };
  FAIRWAY_EXPECT_OK(admission_.Enter());
  AwaitAsked(2);
  const auto next = admission_.Enter();
  FAIRWAY_EXPECT_OK(next);
  EXPECT_THAT(Asked(), ElementsAre(kProtect, kLift, kProtect));
  EXPECT_THAT(log_.str(), HasSubstr("stays protected"));
}

}  // namespace
}  // namespace fairway::ingest
