#include "libs/rpc/server/service_host.h"

#include <grpcpp/create_channel.h>
#include <sys/socket.h>

#include <array>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/net/address.h"
#include "libs/net/descriptor.h"
#include "libs/observability/health_check.h"
#include "libs/rpc/server/testing/fake_hosted_service.h"
#include "libs/rpc/server/testing/health.h"

namespace fairway::rpc {
namespace {

using ::fairway::testing::IsOk;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What an HTTP server on this machine answers.
std::string GetPage(int port, absl::string_view path) {
  const auto addresses = net::Resolve(absl::StrCat("127.0.0.1:", port));
  const net::Descriptor fd(socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_EQ(connect(fd.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen), 0);
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n");
  EXPECT_EQ(send(fd.get(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> block;
  for (ssize_t size = 0; (size = recv(fd.get(), block.data(), block.size(), 0)) > 0;) {
    answer.append(block.data(), static_cast<size_t>(size));
  }
  return answer;
}

class ServiceHostTest : public ::testing::Test {
 protected:
  void Start() {
    host_ = ServiceHost::Start(options_, &hosted_, &clock_, &logger_).value();
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", host_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = v1::PriceIngestService::NewStub(channel_);
  }
  void StartReady() {
    hosted_.GiveDatabase();
    Start();
    ASSERT_TRUE(Eventually([&] { return Readyz().ok(); }));
  }
  absl::Status Readyz() const {
    return observability::CheckHealth(absl::StrCat("127.0.0.1:", host_->admin_port()));
  }
  bool IsHealthy() const {
    const bool is_serving = IsServing(channel_, "");
    EXPECT_EQ(IsServing(channel_, hosted_.rpcs_name()), is_serving);
    return is_serving;
  }

  HostOptions options_ = {.drain_time = absl::Seconds(90), .shutdown_time = absl::Seconds(60)};
  FakeClock clock_;
  std::ostringstream log_;
  const observability::Logger logger_{"test", observability::LogLevel::kInfo, log_};
  FakeHostedService hosted_;
  std::unique_ptr<ServiceHost> host_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PriceIngestService::Stub> stub_;
};

TEST_F(ServiceHostTest, ServesAtOnceAndIsReadyWhenTheServiceIs) {
  absl::Notification go;
  hosted_.on_begin = [&](Readiness& readiness) {
    readiness.SetNotReady(absl::UnavailableError("loading"));
    go.WaitForNotification();
    readiness.SetReady();
  };
  Start();
  EXPECT_TRUE(Eventually([&] { return Readyz().message() == "no schema"; }));
  EXPECT_FALSE(IsHealthy());
  hosted_.GiveDatabase();
  EXPECT_TRUE(Eventually([&] { return Readyz().message() == "loading"; }));
  EXPECT_FALSE(IsHealthy());
  go.Notify();
  EXPECT_TRUE(Eventually([&] { return Readyz().ok(); }));
  EXPECT_TRUE(IsHealthy());
}

TEST_F(ServiceHostTest, AServiceThatIsNoLongerReadyIsReportedByBoth) {
  Readiness* readiness = nullptr;
  hosted_.on_begin = [&](Readiness& given) {
    readiness = &given;
    given.SetReady();
  };
  StartReady();
  readiness->SetNotReady(absl::UnavailableError("it lost its book"));
  EXPECT_EQ(Readyz().message(), "it lost its book");
  EXPECT_FALSE(IsHealthy());
  readiness->SetReady();
  FAIRWAY_EXPECT_OK(Readyz());
  EXPECT_TRUE(IsHealthy());
}

TEST_F(ServiceHostTest, NewWorkIsRefusedBeforeHealthChecksFail) {
  bool was_healthy = false;
  hosted_.on_begin_drain = [&] { was_healthy = IsHealthy(); };
  StartReady();
  host_->Drain();
  EXPECT_TRUE(was_healthy) << "work must be refused before a client sees NOT_SERVING";
}

TEST_F(ServiceHostTest, HealthChecksFailWhileWorkEndsAndUntilTheLastCall) {
  absl::Time deadline;
  hosted_.on_await_drained = [&](absl::Time until) {
    deadline = until;
    EXPECT_FALSE(IsHealthy());
    EXPECT_EQ(Readyz().message(), DrainingError().message());
  };
  hosted_.on_end_streams = [&] { EXPECT_FALSE(IsHealthy()) << "it answers still"; };
  StartReady();
  host_->Drain();
  EXPECT_EQ(deadline, clock_.Now() + options_.drain_time);
  EXPECT_THAT(hosted_.events(),
              ElementsAre("begin", "begin drain", "await drained", "end streams"));
  EXPECT_THAT(Readyz(), StatusIs(absl::StatusCode::kUnavailable)) << "until the process ends";
  host_.reset();
  EXPECT_EQ(hosted_.events().back(), "stop tasks");
}

TEST_F(ServiceHostTest, ReportsOfTheServiceChangeNothingWhileItDrains) {
  Readiness* readiness = nullptr;
  hosted_.on_begin = [&](Readiness& given) {
    readiness = &given;
    given.SetReady();
  };
  hosted_.on_await_drained = [&](absl::Time) {
    readiness->SetReady();
    EXPECT_FALSE(IsHealthy());
    readiness->SetNotReady(absl::UnavailableError("another reason"));
    EXPECT_EQ(Readyz().message(), DrainingError().message());
  };
  StartReady();
  host_->Drain();
}

TEST_F(ServiceHostTest, CallsAreTakenUntilDrainedAndThoseThatRunMayEnd) {
  absl::Notification entered;
  absl::Notification go;
  hosted_.service.on_cancel_batch = [&](const Call&) {
    entered.Notify();
    go.WaitForNotification();
    return absl::OkStatus();
  };
  hosted_.service.on_get_batch = [](const Call&) { return absl::OkStatus(); };
  StartReady();
  auto slow = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    v1::CancelBatchResponse response;
    return FromGrpcStatus(stub_->CancelBatch(&context, {}, &response));
  });
  entered.WaitForNotification();
  hosted_.on_await_drained = [&](absl::Time) {
    grpc::ClientContext context;
    v1::GetBatchResponse response;
    FAIRWAY_EXPECT_OK(FromGrpcStatus(stub_->GetBatch(&context, {}, &response)));
  };
  hosted_.on_end_streams = [&] { go.Notify(); };
  host_->Drain();
  EXPECT_THAT(slow.get(), IsOk());
}

TEST_F(ServiceHostTest, CallsThatDoNotEndAreCancelled) {
  absl::Notification entered;
  hosted_.service.on_cancel_batch = [&](const Call& call) {
    absl::Notification cancelled;
    const std::stop_callback stop(call.deadline().stop(), [&] { cancelled.Notify(); });
    entered.Notify();
    EXPECT_TRUE(cancelled.WaitForNotificationWithTimeout(absl::Seconds(60)));
    return absl::CancelledError();
  };
  options_.shutdown_time = absl::Milliseconds(1);
  StartReady();
  auto slow = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    v1::CancelBatchResponse response;
    return FromGrpcStatus(stub_->CancelBatch(&context, {}, &response));
  });
  entered.WaitForNotification();
  host_->Drain();
  EXPECT_FALSE(slow.get().ok());
}

TEST_F(ServiceHostTest, DrainEndsTheWaitForTheDatabase) {
  Start();
  EXPECT_TRUE(Eventually([&] { return Readyz().message() == "no schema"; }));
  host_->Drain();
  EXPECT_THAT(hosted_.events(), ElementsAre("begin drain", "await drained", "end streams"));
}

TEST_F(ServiceHostTest, ADatabaseThatComesWhileItDrainsBeginsNothing) {
  hosted_.on_begin_drain = [&] { hosted_.GiveDatabase(); };
  Start();
  EXPECT_TRUE(Eventually([&] { return Readyz().message() == "no schema"; }));
  host_->Drain();
  host_.reset();
  EXPECT_THAT(hosted_.events(),
              ElementsAre("begin drain", "await drained", "end streams", "stop tasks"));
  EXPECT_THAT(log_.str(), HasSubstr("waiting for the database"));
}

TEST_F(ServiceHostTest, DrainsOnlyOnceItHasBegun) {
  absl::Notification entered;
  absl::Notification draining;
  bool has_begun = false;
  hosted_.GiveDatabase();
  hosted_.on_begin = [&](Readiness&) {
    entered.Notify();
    EXPECT_FALSE(draining.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
    has_begun = true;
  };
  hosted_.on_begin_drain = [&] {
    EXPECT_TRUE(has_begun);
    draining.Notify();
  };
  Start();
  entered.WaitForNotification();
  host_->Drain();
}

TEST_F(ServiceHostTest, CallsThatRunHaveTheTimeOfTheShutdown) {
  absl::Notification entered;
  absl::Notification ending;
  hosted_.service.on_cancel_batch = [&](const Call& call) {
    absl::Notification cancelled;
    const std::stop_callback stop(call.deadline().stop(), [&] { cancelled.Notify(); });
    entered.Notify();
    ending.WaitForNotification();
    // Time enough for a shutdown to cancel it that gives it none.
    EXPECT_FALSE(cancelled.WaitForNotificationWithTimeout(absl::Milliseconds(300)));
    return absl::OkStatus();
  };
  hosted_.on_end_streams = [&] { ending.Notify(); };
  StartReady();
  auto slow = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    v1::CancelBatchResponse response;
    return FromGrpcStatus(stub_->CancelBatch(&context, {}, &response));
  });
  entered.WaitForNotification();
  host_->Drain();
  EXPECT_THAT(slow.get(), IsOk());
}

TEST_F(ServiceHostTest, HasTheMetricsOfEveryService) {
  StartReady();
  const std::string metrics = GetPage(host_->admin_port(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("fairway_build_info{"));
  EXPECT_THAT(metrics, HasSubstr("fairway_connections_refused_total 0"));
}

TEST_F(ServiceHostTest, WithoutADrainItStopsAtOnce) {
  StartReady();
  host_.reset();
  EXPECT_THAT(hosted_.events(), ElementsAre("begin", "stop tasks"));
}

TEST_F(ServiceHostTest, AnAddressInUseIsReported) {
  StartReady();
  FakeHostedService other;
  HostOptions options;
  options.server.address = absl::StrCat("127.0.0.1:", host_->port());
  EXPECT_THAT(ServiceHost::Start(options, &other, &clock_, &logger_),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen")));
  options.server.address = "127.0.0.1:0";
  options.admin_address = absl::StrCat("127.0.0.1:", host_->admin_port());
  EXPECT_THAT(ServiceHost::Start(options, &other, &clock_, &logger_),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen")));
}

}  // namespace
}  // namespace fairway::rpc
