#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/testing/inbound_stream_fixture.h"

// How streams begin and end: what waits for its turn, what is counted, and what is given back.
namespace fairway::rpc {
namespace {

// Holds a place among the requests that are read.
struct PlaceHolder final : RequestReads::Reader {
  void StartReading() override { started.Notify(); }
  void GiveUp(const absl::Status& why) override { ADD_FAILURE() << why; }
  absl::Notification started;
};

class InboundStreamTurnsTest : public InboundStreamFixture {
 protected:
  InboundStreamTurnsTest() {
    UseOnePlace(absl::Hours(1));
    service_.on_upload = [](InboundStream&) { return absl::OkStatus(); };
  }
  void UseOnePlace(absl::Duration time_max) {
    service_.reads = std::make_unique<RequestReads>(
        RequestReads::Options{
            .reads_max = 1, .per_address_max = 1, .time_max = time_max, .grace = time_max},
        &service_.clock);
  }
  // One that sends its first message and ends.
  absl::Status Upload() {
    const auto client = Call();
    client->writer->Write(Numbered(0));
    return client->Finish();
  }
  void AwaitStarted(int calls) {
    EXPECT_TRUE(Eventually([&] { return service_.Total("grpc_server_started_total") >= calls; }));
  }
  void AwaitAllGone() {
    EXPECT_TRUE(Eventually([&] { return service_.AreAllGone(); }));
  }

  PlaceHolder holder_;
};

TEST_F(InboundStreamTurnsTest, EachGivesItsPlaceBack) {
  for (int i = 0; i < 3; ++i) FAIRWAY_EXPECT_OK(Upload());
  AwaitAllGone();
}

TEST_F(InboundStreamTurnsTest, OneThatIsCancelledInTheQueueLeavesIt) {
  service_.reads->Enter(holder_, "ipv4:10.0.0.1:1");
  std::atomic<int> cancelled = 0;
  service_.on_first = [&](const absl::StatusOr<InboundStream::Message>& first) {
    if (absl::IsCancelled(first.status())) ++cancelled;
    return first.status();
  };
  const auto client = Call();
  AwaitStarted(1);
  client->context.TryCancel();
  client->Finish().IgnoreError();
  EXPECT_TRUE(Eventually([&] { return cancelled == 1; }));
  AwaitAllGone();
  EXPECT_TRUE(service_.reads->Leave(holder_));
  FAIRWAY_EXPECT_OK(Upload());
}

TEST_F(InboundStreamTurnsTest, OneWhoseTurnDoesNotComeInTimeLeavesTheQueue) {
  service_.reads->Enter(holder_, "ipv4:10.0.0.1:1");
  service_.first_message_max = absl::Milliseconds(50);
  EXPECT_EQ(ReasonOf(Call()->Finish()), reasons::kDeadlineExceeded);
  AwaitAllGone();
  service_.first_message_max = absl::Seconds(60);
  EXPECT_TRUE(service_.reads->Leave(holder_));
  FAIRWAY_EXPECT_OK(Upload());
}

TEST_F(InboundStreamTurnsTest, OneWhoseFirstMessageIsTooSlowIsGivenBackWhole) {
  UseOnePlace(absl::Milliseconds(50));
  EXPECT_EQ(ReasonOf(Call()->Finish()), reasons::kDeadlineExceeded);
  AwaitAllGone();
}

TEST_F(InboundStreamTurnsTest, TheFirstMessageHasItsTimeAndNoMoreThanTheCall) {
  service_.first_message_max = absl::Milliseconds(50);
  EXPECT_EQ(ReasonOf(Call()->Finish()), reasons::kDeadlineExceeded);
  service_.first_message_max = absl::Hours(1);
  service_.call_max = absl::Milliseconds(50);
  EXPECT_EQ(ReasonOf(Call()->Finish()), reasons::kDeadlineExceeded);
  AwaitAllGone();
}

TEST_F(InboundStreamTurnsTest, NothingIsLeftOfOneThatEndedLongBeforeItsTime) {
  service_.call_max = service_.first_message_max = absl::Hours(1);
  FAIRWAY_EXPECT_OK(Upload());
  AwaitAllGone();
}

TEST_F(InboundStreamTurnsTest, MessagesAreCountedInAndOut) {
  service_.on_upload = [&](InboundStream& stream) -> absl::Status {
    while (true) {
      const auto next = stream.Next(Soon());
      if (!next.ok()) return next.status();
      if (!*next) return absl::OkStatus();
    }
  };
  const auto client = Call();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client->writer->Write(Numbered(i)));
  client->writer->WritesDone();
  FAIRWAY_EXPECT_OK(client->Finish());
  service_.on_upload = [](InboundStream&) { return InvalidBatchIdError("x"); };
  EXPECT_FALSE(Upload().ok());
  EXPECT_EQ(service_.Total("grpc_server_msg_received_total"), 4);
  EXPECT_EQ(service_.Total("grpc_server_msg_sent_total"), 1);
}

TEST_F(InboundStreamTurnsTest, TheNextMessageIsReceivedWhileOneIsRead) {
  service_.on_upload = [&](InboundStream& stream) {
    FAIRWAY_EXPECT_OK(stream.Next(Soon()));
    EXPECT_TRUE(Eventually([&] { return service_.Total("grpc_server_msg_received_total") >= 3; }));
    return absl::OkStatus();
  };
  const auto client = Call();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client->writer->Write(Numbered(i)));
  FAIRWAY_EXPECT_OK(client->Finish());
}

}  // namespace
}  // namespace fairway::rpc
