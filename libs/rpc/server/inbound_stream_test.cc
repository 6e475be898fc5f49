#include "libs/rpc/server/inbound_stream.h"

#include <atomic>
#include <future>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/testing/inbound_stream_fixture.h"

namespace fairway::rpc {
namespace {

using InboundStreamTest = InboundStreamFixture;

// ThreadSanitizer looks at each message's way through gRPC, for some hundredth of a second.
#ifdef __SANITIZE_THREAD__
constexpr int kMany = 50;
#else
constexpr int kMany = 500;
#endif

TEST_F(InboundStreamTest, MessagesComeInOrderAndThenTheEnd) {
  int expected = 0;
  service_.on_first = [&](const absl::StatusOr<InboundStream::Message>& first) {
    EXPECT_EQ(first->value_or("none"), expected == 0 ? "none" : Numbered(0).SerializeAsString());
    return absl::OkStatus();
  };
  service_.on_upload = [&](InboundStream& stream) -> absl::Status {
    for (int number = 1; number < expected; ++number) {
      const auto next = stream.Next(Soon());
      if (!next.ok()) return next.status();
      EXPECT_EQ(**next, Numbered(number).SerializeAsString());
    }
    EXPECT_FALSE(stream.Next(Soon()).value().has_value());
    return absl::OkStatus();
  };
  for (const int count : {0, 1, 2, kMany}) {
    expected = count;
    const auto client = Call();
    for (int i = 0; i < count; ++i) ASSERT_TRUE(client->writer->Write(Numbered(i)));
    client->writer->WritesDone();
    FAIRWAY_EXPECT_OK(client->Finish());
  }
}

TEST_F(InboundStreamTest, AStreamMayBeRefusedWhileItsClientWrites) {
  service_.on_upload = [](InboundStream& stream) -> absl::Status {
    FAIRWAY_EXPECT_OK(stream.Next(Soon()));
    return InvalidBatchIdError("x");
  };
  const auto client = Call();
  while (client->writer->Write(Numbered(1000))) {
  }
  EXPECT_EQ(ReasonOf(client->Finish()), reasons::kInvalidBatchId);
}

TEST_F(InboundStreamTest, ASilentStreamMakesRoomForTheFirstMessagesOfOthers) {
  service_.reads = std::make_unique<RequestReads>(
      RequestReads::Options{.reads_max = 1, .per_address_max = 1, .grace = absl::Milliseconds(50)},
      &service_.clock);
  service_.on_first = [](const auto& first) { return first.status(); };
  service_.on_upload = [](InboundStream&) { return absl::OkStatus(); };
  const auto silent = Call();
  auto ended = std::async(std::launch::async, [&] { return silent->Finish(); });
  int answered = 0;
  while (ended.wait_for(std::chrono::seconds(0)) == std::future_status::timeout) {
    const auto client = Call();
    client->writer->WritesDone();
    if (client->Finish().ok()) ++answered;  // On a machine that stands still they are late, too.
  }
  EXPECT_FALSE(ended.get().ok());
  EXPECT_GT(answered, 0);
}

TEST_F(InboundStreamTest, NoThreadWaitsForTheFirstMessage) {
  service_.first_message_max = absl::Milliseconds(500);
  service_.on_upload = [](InboundStream&) { return absl::OkStatus(); };
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 8; ++i) silent.push_back(Call());
  const auto client = Call();
  client->writer->Write(Numbered(0));
  FAIRWAY_EXPECT_OK(client->Finish());
  for (const auto& other : silent) EXPECT_EQ(ReasonOf(other->Finish()), reasons::kDeadlineExceeded);
}

TEST_F(InboundStreamTest, ASilentClientTimesOutWithAReason) {
  service_.on_upload = [](InboundStream& stream) {
    return stream.Next(absl::Now() + absl::Milliseconds(50)).status();
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  EXPECT_EQ(ReasonOf(client->Finish()), reasons::kDeadlineExceeded);
}

TEST_F(InboundStreamTest, AClientThatDisconnectsWakesTheWorker) {
  absl::Notification entered;
  std::promise<absl::Status> seen;
  service_.on_upload = [&](InboundStream& stream) {
    entered.Notify();
    const absl::Status status = stream.Next(absl::Now() + absl::Seconds(60)).status();
    seen.set_value(status);
    return status;
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  entered.WaitForNotification();
  client->context.TryCancel();
  client->writer->Finish();
  EXPECT_EQ(ReasonOf(seen.get_future().get()), reasons::kCancelled);
}

TEST_F(InboundStreamTest, ACancelledUploadStopsItsWork) {
  absl::Notification entered;
  std::promise<absl::Status> seen;
  service_.on_upload = [&](InboundStream& stream) {
    absl::Notification stopped;
    const std::stop_callback stop(stream.call().deadline().stop(), [&] { stopped.Notify(); });
    entered.Notify();
    stopped.WaitForNotificationWithTimeout(absl::Seconds(20));
    seen.set_value(stream.call().deadline().Check());
    return CancelledError();
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  entered.WaitForNotification();
  client->context.TryCancel();
  EXPECT_THAT(seen.get_future().get(), testing::StatusIs(absl::StatusCode::kCancelled));
  client->writer->Finish();
}

TEST_F(InboundStreamTest, AClientThatDisconnectsIsNotTakenForOneThatIsDone) {
  std::atomic<int> complete = 0;
  service_.on_upload = [&](InboundStream& stream) -> absl::Status {
    while (true) {
      const auto next = stream.Next(Soon());
      if (!next.ok()) return next.status();
      if (!*next) break;
    }
    ++complete;
    return absl::OkStatus();
  };
  for (int i = 0; i < kMany; ++i) {
    const auto client = Call();
    for (int j = 0; j < i % 5; ++j) client->writer->Write({});
    if (i % 2 == 0) std::this_thread::yield();
    client->context.TryCancel();
    client->writer->Finish();
  }
  server_->Shutdown(absl::Seconds(60));
  EXPECT_EQ(complete, 0);
}

}  // namespace
}  // namespace fairway::rpc
