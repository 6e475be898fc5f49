#include "libs/rpc/server/unary.h"

#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/testing/server_fixture.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;
using UnaryTest = ServerFixture;

TEST_F(UnaryTest, RequestIdsComeBack) {
  std::promise<std::string> seen;
  service_.on_get_batch = [&](const Call& call) {
    seen.set_value(call.request_id());
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "mine-7");
  FAIRWAY_EXPECT_OK(GetBatch(context));
  EXPECT_EQ(seen.get_future().get(), "mine-7");
  EXPECT_EQ(context.GetServerTrailingMetadata().find("x-request-id")->second, "mine-7");
}

TEST_F(UnaryTest, MessagesGoInAndOut) {
  service_.on_get_batch = [](const Call&) { return absl::OkStatus(); };
#if defined(__SANITIZE_THREAD__)
  constexpr size_t kMany =
      20'000;  // Every byte that crosses gRPC makes a report, to be suppressed.
#else
  constexpr size_t kMany = size_t{1} << 20;
#endif
  // More than one slice, and a few bytes; each after the other.
  for (const size_t size : {size_t{5}, kMany, size_t{0}, size_t{10'000}}) {
    grpc::ClientContext context;
    v1::GetBatchRequest request;
    request.set_batch_id(std::string(size, 'x'));
    v1::GetBatchResponse response;
    FAIRWAY_ASSERT_OK(FromGrpcStatus(stub_->GetBatch(&context, request, &response)));
    EXPECT_EQ(response.batch().batch_id(), request.batch_id());
  }
}

TEST_F(UnaryTest, ARequestThatCannotBeReadIsReportedAndCounted) {
  service_.on_get_batch = [](const Call&) -> absl::Status {
    ADD_FAILURE() << "it was not read";
    return absl::OkStatus();
  };
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(channel_);
  for (const absl::string_view bytes : {"\x0a\x05"
                                        "abc",
                                        "\x0a\x01\xff", "\x12", "\x07"}) {
    grpc::ClientContext context;
    context.AddMetadata("x-request-id", "mine-8");
    grpc::Slice slice(bytes.data(), bytes.size());
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/fairway.v1.PriceIngestService/GetBatch", {}, &request, &reply,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    const absl::Status status = FromGrpcStatus(done.get_future().get());
    EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest);
    EXPECT_EQ(context.GetServerTrailingMetadata().count("x-request-id"), 1);
  }
  EXPECT_EQ(service_.calls_ended("GetBatch"), 4);
}

TEST_F(UnaryTest, TheDeadlineOfTheClientIsPassedOn) {
  std::promise<absl::Time> own;
  service_.on_get_batch = [&](const Call& call) {
    own.set_value(call.deadline().time());
    return absl::OkStatus();
  };
  FAIRWAY_EXPECT_OK(GetBatch());
  EXPECT_LT(own.get_future().get(), absl::Now() + absl::Seconds(31)) << "the service's own";
  std::promise<absl::Time> given;
  service_.on_get_batch = [&](const Call& call) {
    given.set_value(call.deadline().time());
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  FAIRWAY_EXPECT_OK(GetBatch(context));
  EXPECT_LT(given.get_future().get(), absl::Now() + absl::Seconds(6));
}

TEST_F(UnaryTest, ACancelledCallStopsItsWork) {
  absl::Notification entered;
  std::promise<absl::Status> seen;
  service_.on_get_batch = [&](const Call& call) {
    absl::Notification stopped;
    const std::stop_callback stop(call.deadline().stop(), [&] { stopped.Notify(); });
    entered.Notify();
    stopped.WaitForNotificationWithTimeout(absl::Seconds(20));
    seen.set_value(call.deadline().Check());
    return call.deadline().Check();
  };
  grpc::ClientContext context;
  std::thread caller([&] { GetBatch(context).IgnoreError(); });
  entered.WaitForNotification();
  context.TryCancel();
  EXPECT_THAT(seen.get_future().get(), testing::StatusIs(absl::StatusCode::kCancelled));
  caller.join();
}

TEST_F(UnaryTest, ACallCancelledInTheQueueLeavesItAtOnceAndNeverRuns) {
  absl::Notification go;
  absl::Notification running;
  ASSERT_TRUE(service_.one_at_a_time.TrySubmit([&] {
    running.Notify();
    go.WaitForNotification();
  }));
  running.WaitForNotification();
  service_.on_cancel_batch = [](const Call&) -> absl::Status {
    ADD_FAILURE() << "its client has cancelled";
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  std::thread caller([&] {
    v1::CancelBatchResponse response;
    EXPECT_THAT(FromGrpcStatus(stub_->CancelBatch(&context, {}, &response)),
                testing::StatusIs(absl::StatusCode::kCancelled));
  });
  EXPECT_TRUE(Eventually([&] { return service_.calls_started("CancelBatch") == 1; }));
  context.TryCancel();
  caller.join();
  EXPECT_TRUE(Eventually([&] { return service_.calls_ended("CancelBatch") == 1; }))
      << "while the thread is still busy";
  go.Notify();
  absl::Notification next;
  ASSERT_TRUE(service_.one_at_a_time.TrySubmit([&] { next.Notify(); }));
  next.WaitForNotification();
}

TEST_F(UnaryTest, MessagesAreCountedInAndOut) {
  absl::Status answer;
  service_.on_get_batch = [&](const Call&) { return answer; };
  FAIRWAY_EXPECT_OK(GetBatch());
  answer = InvalidBatchIdError("x");
  GetBatch().IgnoreError();
  EXPECT_EQ(service_.Calls("grpc_server_msg_received_total", "GetBatch"), 2);
  EXPECT_EQ(service_.Calls("grpc_server_msg_sent_total", "GetBatch"), 1);
}

TEST_F(UnaryTest, ARequestBeyondItsBoundsIsRefusedBeforeItIsParsed) {
  service_.on_get_batch = [](const Call&) { return absl::OkStatus(); };
  grpc::ClientContext context;
  v1::GetBatchRequest request;
  auto& unknown = *request.GetReflection()->MutableUnknownFields(&request);
  for (int i = 0; i <= kUnknownFieldsMax; ++i) unknown.AddVarint(99, 1);
  v1::GetBatchResponse response;
  EXPECT_EQ(ReasonOf(FromGrpcStatus(stub_->GetBatch(&context, request, &response))),
            reasons::kInvalidRequest);
}

TEST_F(UnaryTest, WhatWaitsIsWeighedByItsBytes) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "every byte that crosses gRPC makes a report, to be suppressed";
#endif
  absl::Notification go;
  absl::Notification running;
  ASSERT_TRUE(service_.one_at_a_time.TrySubmit([&] {
    running.Notify();
    go.WaitForNotification();
  }));
  running.WaitForNotification();
  service_.on_cancel_batch = [](const Call&) { return absl::OkStatus(); };
  // Two of them fit into its queue.
  v1::CancelBatchRequest request;
  request.set_batch_id(std::string(TestService::kQueueBytesMax * 2 / 5, 'x'));
  std::atomic<int> overloaded = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      grpc::ClientContext context;
      v1::CancelBatchResponse response;
      const absl::Status status = FromGrpcStatus(stub_->CancelBatch(&context, request, &response));
      if (ReasonOf(status) == reasons::kOverloaded) ++overloaded;
    });
  }
  EXPECT_TRUE(Eventually([&] { return service_.calls_started("CancelBatch") == 3; }));
  EXPECT_TRUE(Eventually([&] { return overloaded == 1; }));
  go.Notify();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(overloaded, 1);
}

TEST_F(UnaryTest, ErrorsAreReportedAndLogged) {
  service_.on_get_batch = [](const Call&) {
    return WithCause(absl::InternalError("the secret reason"), "of the server");
  };
  EXPECT_THAT(GetBatch(),
              testing::StatusIs(absl::StatusCode::kInternal, ::testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(service_.log.str(), HasSubstr("the secret reason"));
  EXPECT_THAT(service_.log.str(), HasSubstr("of the server"));
}

TEST_F(UnaryTest, OverloadIsReportedAtOnce) {
  absl::Notification go;
  service_.on_get_batch = [&](const Call&) {
    EXPECT_TRUE(go.WaitForNotificationWithTimeout(absl::Seconds(60))) << "none was refused";
    return absl::OkStatus();
  };
  std::vector<std::thread> threads;
  std::atomic<int> ok = 0;
  std::atomic<int> overloaded = 0;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const absl::Status status = GetBatch();
      if (status.ok()) ++ok;
      if (ReasonOf(status) != reasons::kOverloaded) return;
      if (++overloaded == 1) go.Notify();  // Only one of three finds both workers taken.
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, 2);
  EXPECT_EQ(overloaded, 1);
}

TEST_F(UnaryTest, OnlyFaultsOfTheServerAreCountedAsSuch) {
  absl::Status answer;
  service_.on_get_batch = [&](const Call&) { return answer; };
  const auto faults_after = [&](const absl::Status& status) {
    answer = status;
    GetBatch().IgnoreError();
    return service_.Calls("fairway_rpc_server_faults_total", "GetBatch");
  };
  EXPECT_EQ(faults_after(absl::InternalError("x")), 1);
  EXPECT_EQ(faults_after(absl::OkStatus()), 1);
  EXPECT_EQ(faults_after(VersionNotYetVisibleError(9, 7)), 1);
  EXPECT_EQ(faults_after(DatabaseUnavailableError("x")), 2);
}

TEST_F(UnaryTest, AMethodOfALaterReleaseIsReportedAsSuch) {
  grpc::ClientContext context;
  v1::CommitBatchResponse response;
  const absl::Status status = FromGrpcStatus(stub_->CommitBatch(&context, {}, &response));
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_EQ(ReasonOf(status), reasons::kNotImplemented);
}

}  // namespace
}  // namespace fairway::rpc
