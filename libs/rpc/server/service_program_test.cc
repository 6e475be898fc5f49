#include "libs/rpc/server/service_program.h"

#include <CLI/CLI.hpp>
#include <pthread.h>

#include <csignal>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/rpc/server/testing/fake_hosted_service.h"

namespace fairway::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Runs a service whose calls are recorded; it is sent a signal as soon as it is ready.
class ServiceProgramTest : public ::testing::Test {
 protected:
  ServiceProgramTest() { pthread_sigmask(SIG_SETMASK, nullptr, &signals_); }
  ~ServiceProgramTest() override { pthread_sigmask(SIG_SETMASK, &signals_, nullptr); }

  int Run(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "fairway-test");
    return RunService(
        {.name = "test",
         .description = "A service.",
         .options = &options_,
         .add_options =
             [this](CLI::App& app) { config::AddServiceOptions(app, "FAIRWAY_TEST_", options_); },
         .make = [this](const observability::Logger* logger) { return Make(logger); }},
        static_cast<int>(arguments.size()), arguments.data());
  }

  absl::StatusOr<std::unique_ptr<HostedService>> Make(const observability::Logger*) {
    if (!can_be_made_.ok()) return can_be_made_;
    auto service = std::make_unique<FakeHostedService>();
    service->GiveDatabase();
    service->on_begin = [this, main = pthread_self()](Readiness& readiness) {
      readiness.SetReady();
      pthread_kill(main, signal_);
    };
    service->on_await_drained = [this](absl::Time deadline) {
      drain_time_ = deadline - absl::Now();
    };
    service->on_end_streams = [this, service = service.get()] { events_ = service->events(); };
    return service;
  }

  config::ServiceOptions options_ = {.listen = "127.0.0.1:0", .admin = "127.0.0.1:0"};
  absl::Status can_be_made_;
  int signal_ = SIGTERM;
  absl::Duration drain_time_;
  std::vector<std::string> events_;

 private:
  sigset_t signals_;
};

TEST_F(ServiceProgramTest, ServesUntilASignalComesAndDrains) {
  for (const int signal : {SIGTERM, SIGINT}) {
    signal_ = signal;
    EXPECT_EQ(Run({"--log-level", "error"}), 0);
    EXPECT_THAT(events_, ElementsAre("begin", "begin drain", "await drained", "end streams"));
    events_.clear();
  }
}

TEST_F(ServiceProgramTest, DrainsForTheConfiguredTime) {
  options_.drain_seconds = 3600;
  EXPECT_EQ(Run({"--log-level", "error"}), 0);
  EXPECT_GT(drain_time_, absl::Minutes(59));
  EXPECT_LE(drain_time_, absl::Minutes(60));
}

TEST_F(ServiceProgramTest, AServiceThatCannotServeSaysWhy) {
  can_be_made_ = absl::NotFoundError("no password file");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run({}), 1);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("no password file"));
}

TEST_F(ServiceProgramTest, MistakesOnTheCommandLineStartNothing) {
  can_be_made_ = absl::InternalError("it was made");
  EXPECT_EQ(Run({"--no-such-option"}), 2);
  EXPECT_EQ(Run({"--version"}), 0);
  EXPECT_EQ(Run({"--help"}), 0);
}

TEST_F(ServiceProgramTest, ChecksTheHealthOfAnotherProcess) {
  can_be_made_ = absl::InternalError("it was made");
  EXPECT_EQ(Run({"--check-health", "--admin", "127.0.0.1:1"}), 1);
}

}  // namespace
}  // namespace fairway::rpc
