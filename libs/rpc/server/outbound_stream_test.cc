#include "libs/rpc/server/outbound_stream.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/rpc/server/testing/outbound_stream_fixture.h"

namespace fairway::rpc {
namespace {

using Response = v1::WatchCommitsResponse;
using OutboundStreamTest = OutboundStreamFixture;

TEST_F(OutboundStreamTest, SendsAllThatIsMade) {
  service_.make = [next = 0](Response& message) mutable -> absl::StatusOr<Step> {
    EXPECT_EQ(message.version(), 0) << "the message is empty";
    if (next == 1000) return Step::kEnd;
    message.set_version(++next);
    return Step::kMessage;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
  ASSERT_EQ(versions.size(), 1000);
  EXPECT_EQ(versions.back(), 1000);
}

TEST_F(OutboundStreamTest, MovesToTheOtherExecutorAndStays) {
  std::thread::id first;
  std::thread::id other;
  service_.make = [&](Response& message) -> absl::StatusOr<Step> {
    if (service_.asked == 1) {
      first = std::this_thread::get_id();
      return Step::kMove;
    }
    if (service_.asked == 2) other = std::this_thread::get_id();
    EXPECT_EQ(std::this_thread::get_id(), other) << "it has one thread";
    message.set_version(service_.asked);
    return service_.asked < 100 ? Step::kMessage : Step::kEnd;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
  EXPECT_EQ(versions.size(), 98);
  EXPECT_NE(first, other);
}

TEST_F(OutboundStreamTest, AFailureEndsIt) {
  service_.make = [](Response& message) -> absl::StatusOr<Step> {
    if (message.version() == 0) return LocationNotFoundError("XXXXX");
    return Step::kMessage;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), reasons::kLocationNotFound);
}

TEST_F(OutboundStreamTest, WaitsForTheBell) {
  std::atomic<int64_t> newest = 0;
  service_.make = [&, sent = int64_t{0}](Response& message) mutable -> absl::StatusOr<Step> {
    if (sent == newest) return Step::kWait;
    message.set_version(++sent);
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  for (int64_t version = 1; version <= 100; ++version) {
    newest = version;
    service_.bell.Ring();
    Response response;
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.version(), version);
  }
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  server_->Shutdown(absl::Seconds(60));  // The stream may still be asked, which uses `newest`.
}

TEST_F(OutboundStreamTest, AClosedBellEndsWhatWaits) {
  service_.make = [](Response&) { return Step::kWait; };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  service_.bell.Close();
  EXPECT_EQ(ReasonOf(FromGrpcStatus(reader->Finish())), reasons::kDraining);
}

TEST_F(OutboundStreamTest, AClientThatDisconnectsWhileItsStreamWaitsIsNoticed) {
  service_.make = [](Response&) { return Step::kWait; };
  {
    grpc::ClientContext context;
    const auto reader = stub_->WatchCommits(&context, {});
    AwaitAsked(1);
    context.TryCancel();
    reader->Finish();
  }
  server_->Shutdown(absl::Seconds(60));  // Waits for every stream.
  EXPECT_EQ(service_.asked, 1) << "the stream was ended, not asked again";
}

TEST_F(OutboundStreamTest, AClientThatDisconnectsStopsTheWorkOnItsMessage) {
  std::promise<absl::Status> seen;
  service_.on_call = [&](const Call& call) {
    absl::Notification stopped;
    const std::stop_callback stop(call.deadline().stop(), [&] { stopped.Notify(); });
    stopped.WaitForNotificationWithTimeout(absl::Seconds(20));
    seen.set_value(call.deadline().Check());
  };
  service_.make = [](Response&) { return Step::kEnd; };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  context.TryCancel();
  EXPECT_THAT(seen.get_future().get(), testing::StatusIs(absl::StatusCode::kCancelled));
  reader->Finish();
}

TEST_F(OutboundStreamTest, AStreamThatCouldNotBeWokenIsWokenByTheNextRing) {
  std::atomic<int64_t> newest = 0;
  service_.make = [&, sent = int64_t{0}](Response& message) mutable -> absl::StatusOr<Step> {
    if (sent == newest) return Step::kWait;
    message.set_version(sent = newest);
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  service_.AwaitIdle();
  std::promise<void> go;
  const std::shared_future<void> released = go.get_future();
  while (service_.executor.TrySubmit([released] { released.wait(); })) {
  }
  newest = 7;
  service_.bell.Ring();
  go.set_value();
  service_.AwaitIdle();
  service_.bell.Ring();
  Response response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.version(), 7);
  context.TryCancel();
  reader->Finish();
  server_->Shutdown(absl::Seconds(60));  // The stream may still be asked, which uses `newest`.
}

TEST_F(OutboundStreamTest, ARingWhileAMessageIsMadeIsNotLost) {
  service_.make = [&](Response& message) -> absl::StatusOr<Step> {
    if (service_.asked == 1) {
      service_.bell.Ring();  // Before the stream waits.
      return Step::kWait;
    }
    message.set_version(service_.asked);
    return service_.asked == 2 ? Step::kMessage : Step::kEnd;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
  EXPECT_EQ(versions, std::vector<int64_t>({2}));
}

TEST_F(OutboundStreamTest, AStreamCancelledInTheQueueEndsAtOnce) {
  service_.make = [](Response&) { return Step::kWait; };
  std::promise<void> go;
  const std::shared_future<void> released = go.get_future();
  {
    grpc::ClientContext context;
    const auto reader = stub_->WatchCommits(&context, {});
    AwaitAsked(1);
    service_.AwaitIdle();
    for (int i = 0; i < StreamService::kThreads; ++i) {
      EXPECT_TRUE(service_.executor.TrySubmit([released] { released.wait(); }));
    }
    service_.bell.Ring();  // The stream is queued.
    context.TryCancel();
    reader->Finish();
  }
  auto shutdown = std::async(std::launch::async, [&] { server_->Shutdown(absl::Seconds(60)); });
  EXPECT_EQ(shutdown.wait_for(std::chrono::seconds(30)), std::future_status::ready)
      << "it waits for a thread";
  go.set_value();
  shutdown.wait();
  service_.AwaitIdle();  // The tasks have left `go`.
  EXPECT_EQ(service_.asked, 1);
}

TEST_F(OutboundStreamTest, EndsAtItsTimeLimit) {
  service_.time_max = absl::ZeroDuration();
  service_.make = [](Response&) { return Step::kMessage; };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), reasons::kDeadlineExceeded);
  EXPECT_EQ(service_.faults(), 1) << "the limit is the service's own";
}

TEST_F(OutboundStreamTest, MessagesAreCountedInAndOut) {
  service_.make = [&](Response&) { return service_.asked < 4 ? Step::kMessage : Step::kEnd; };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
  EXPECT_EQ(service_.Total("grpc_server_msg_received_total"), 1);
  EXPECT_EQ(service_.Total("grpc_server_msg_sent_total"), 3);
}

TEST_F(OutboundStreamTest, ARingCountsOnce) {
  service_.make = [&](Response&) {
    if (service_.asked == 1) service_.bell.Ring();  // Before the stream waits.
    return Step::kWait;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(2);
  for (int i = 0; i < 3; ++i) service_.AwaitIdle();
  EXPECT_EQ(service_.asked, 2);
  context.TryCancel();
  reader->Finish();
}

TEST_F(OutboundStreamTest, OneThatIsCancelledWhileItsMakerFindsNothingEnds) {
  service_.on_call = [](const Call& call) {
    EXPECT_TRUE(Eventually([&] { return call.cancelled(); }));
    absl::SleepFor(absl::Milliseconds(50));  // What else the cancellation does is done by then.
  };
  service_.make = [](Response&) { return Step::kWait; };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  context.TryCancel();
  reader->Finish();
  EXPECT_TRUE(Eventually([&] { return service_.Total("grpc_server_handled_total") == 1; }));
}

}  // namespace
}  // namespace fairway::rpc
