#include "libs/rpc/server/service_program.h"

#include <CLI/CLI.hpp>
#include <pthread.h>

#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/net/listener.h"
#include "libs/observability/health_check.h"
#include "libs/rpc/server/testing/fake_hosted_service.h"
#include "libs/rpc/server/testing/raw_connection.h"

namespace fairway::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
    service->options.concurrent_streams_max = 7;
    service->on_begin = [this, service = service.get(),
                         main = pthread_self()](Readiness& readiness) {
      readiness.SetReady();
      on_ready_(service->service);
      pthread_kill(main, signal_);
    };
    service->on_await_drained = [this](absl::Time deadline) {
      drain_time_ = deadline - absl::Now();
    };
    service->on_end_streams = [this, service = service.get()] {
      events_ = service->events();
      on_end_streams_();
    };
    return service;
  }

  config::ServiceOptions options_ = {.listen = "127.0.0.1:0", .admin = "127.0.0.1:0"};
  absl::Status can_be_made_;
  int signal_ = SIGTERM;
  std::function<void(TestService&)> on_ready_ = [](TestService&) {};
  std::function<void()> on_end_streams_ = [] {};
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

// A port that was free a moment before.
std::string FreeAddress() {
  return absl::StrCat("127.0.0.1:", net::Listener::Bind("127.0.0.1:0", 1'000).value()->port());
}
int PortOf(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

TEST_F(ServiceProgramTest, ListensAsConfigured) {
  const std::string address = FreeAddress();
  const std::string admin = FreeAddress();
  on_ready_ = [&](TestService&) {
    constexpr uint32_t kMaxConcurrentStreams = 3;
    EXPECT_EQ(RawConnection(PortOf(address)).Setting(kMaxConcurrentStreams), 7)
        << "the options of the service";
    EXPECT_TRUE(RawConnection(PortOf(address)).Await(http2::kGoAway));
    FAIRWAY_EXPECT_OK(observability::CheckHealth(admin));
  };
  EXPECT_EQ(Run({"--log-level", "error", "--listen", address.c_str(), "--admin", admin.c_str(),
                 "--connection-age", "1"}),
            0);
}

TEST_F(ServiceProgramTest, WithoutAnAgeConnectionsStay) {
  const std::string address = FreeAddress();
  on_ready_ = [&](TestService&) {
    RawConnection connection(PortOf(address));
    connection.Ping();
    EXPECT_TRUE(connection.Await(http2::kPing));
    EXPECT_EQ(connection.goaways(), 0) << "as an age of no time would send at once";
  };
  EXPECT_EQ(Run({"--log-level", "error", "--listen", address.c_str(), "--connection-age", "0"}), 0);
}

TEST_F(ServiceProgramTest, AReadyProcessIsHealthy) {
  const std::string admin = FreeAddress();
  on_ready_ = [&](TestService&) {
    config::ServiceOptions options;
    const auto add_options = [&](CLI::App& app) {
      config::AddServiceOptions(app, "FAIRWAY_TEST_", options);
    };
    const std::vector<const char*> arguments = {"fairway-test", "--check-health", "--admin",
                                                admin.c_str()};
    EXPECT_EQ(RunService({.name = "test", .options = &options, .add_options = add_options},
                         static_cast<int>(arguments.size()), arguments.data()),
              0);
  };
  EXPECT_EQ(Run({"--log-level", "error", "--admin", admin.c_str()}), 0);
}

TEST_F(ServiceProgramTest, CallsThatRunHaveTheConfiguredTimeToEnd) {
  const std::string address = FreeAddress();
  absl::Notification ending;
  std::future<absl::Status> answered;
  on_ready_ = [&](TestService& service) {
    absl::Notification entered;
    service.on_cancel_batch = [&](const Call& call) {
      absl::Notification cancelled;
      const std::stop_callback stop(call.deadline().stop(), [&] { cancelled.Notify(); });
      entered.Notify();
      ending.WaitForNotification();
      // Time enough for a shutdown to cancel it that gives it none.
      EXPECT_FALSE(cancelled.WaitForNotificationWithTimeout(absl::Milliseconds(300)));
      return absl::OkStatus();
    };
    answered = std::async(std::launch::async, [&] {
      const auto stub = v1::PriceIngestService::NewStub(
          grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
      grpc::ClientContext context;
      v1::CancelBatchResponse response;
      return FromGrpcStatus(stub->CancelBatch(&context, {}, &response));
    });
    entered.WaitForNotification();
  };
  on_end_streams_ = [&] { ending.Notify(); };
  EXPECT_EQ(Run({"--log-level", "error", "--listen", address.c_str(), "--shutdown", "60"}), 0);
  FAIRWAY_EXPECT_OK(answered.get());
}

TEST_F(ServiceProgramTest, LogsWhatIsAskedFor) {
  const auto log_at = [&](const char* level) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Run({"--log-level", level}), 0);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(log_at("debug"), AllOf(HasSubstr("\"message\":\"option\""), HasSubstr("log-level"),
                                     HasSubstr("\"message\":\"serving\"")));
  EXPECT_THAT(log_at("info"), AllOf(Not(HasSubstr("\"option\"")), HasSubstr("serving")));
  EXPECT_THAT(log_at("error"), Not(HasSubstr("serving")));
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
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run({"--check-health", "--admin", "127.0.0.1:1"}), 1);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace fairway::rpc
