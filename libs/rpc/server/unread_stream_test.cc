#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/domain/error_reason.h"
#include "libs/rpc/server/testing/outbound_stream_fixture.h"

namespace fairway::rpc {
namespace {

OpenStreams::Options Few(int streams, absl::Duration unread_max) {
  return {.streams_max = streams,
          .per_address_max = streams,
          .per_connection_max = streams,
          .unread_max = unread_max};
}

// The clock of those who look at the streams, which outlives the service.
struct LookersClock {
  FakeClock clock_{absl::Now()};
};

// Streams of one message that no window takes.
class UnreadStreamTest : public LookersClock, public OutboundStreamFixture {
 protected:
  UnreadStreamTest() {
    service_.make = [this](v1::WatchCommitsResponse& message) {
      if (service_.asked > 1) return Step::kWait;
      message.mutable_commit()->set_label(std::string(size_t{16} << 20, 'x'));
      return Step::kMessage;
    };
  }
  // Until the message is on its way, and nothing else happens.
  void AwaitWrite() {
    AwaitAsked(1);
    service_.AwaitIdle();
  }
  void AwaitHandled(int calls) {
    EXPECT_TRUE(Eventually([&] { return service_.Total("grpc_server_handled_total") == calls; }));
  }
};

TEST_F(UnreadStreamTest, OneThatIsReadMayWaitForNewsAsLongAsItLikes) {
  service_.open.emplace(Few(16, absl::Seconds(80)), &clock_);
  std::atomic<bool> has_more = true;
  service_.make = [&](v1::WatchCommitsResponse& message) {
    message.set_version(1);
    return has_more.exchange(false) ? Step::kMessage : Step::kWait;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  v1::WatchCommitsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  AwaitAsked(2);
  service_.AwaitIdle();
  clock_.AwaitWaiters();
  clock_.Pass(absl::Minutes(10));
  has_more = true;
  service_.bell.Ring();
  EXPECT_TRUE(reader->Read(&response));
  context.TryCancel();
  reader->Finish();
  server_->Shutdown(absl::Seconds(60));  // The stream may still be asked, which uses `has_more`.
}

TEST_F(UnreadStreamTest, OneThatWaitsPastItsDeadlineEndsWithDeadlineExceeded) {
  service_.open.emplace(Few(16, absl::Seconds(80)), &clock_);
  service_.time_max = absl::Seconds(1);
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kWait; };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  service_.AwaitIdle();
  absl::SleepFor(service_.time_max);
  clock_.AwaitWaiters();
  clock_.Pass(absl::Seconds(80));
  service_.bell.Ring();
  EXPECT_EQ(ReasonOf(FromGrpcStatus(reader->Finish())), reasons::kDeadlineExceeded);
}

TEST_F(UnreadStreamTest, OneThatIsUnreadAtItsDeadlineEndsThen) {
  constexpr absl::Duration kUnreadMax = absl::Hours(8'000);
  service_.open.emplace(Few(16, kUnreadMax), &clock_);
  service_.time_max = absl::Seconds(1);
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitWrite();
  absl::SleepFor(service_.time_max);
  clock_.AwaitWaiters();
  clock_.Pass(kUnreadMax / 8);
  AwaitHandled(1);
  context.TryCancel();
  reader->Finish();
}

TEST_F(UnreadStreamTest, TheLogSaysWhyOneWasEnded) {
  service_.open.emplace(Few(16, absl::Seconds(80)), &clock_);
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitWrite();
  clock_.AwaitWaiters();
  clock_.Pass(absl::Seconds(100));
  AwaitHandled(1);
  context.TryCancel();
  reader->Finish();
  service_.AwaitIdle();  // Nobody writes to the log any more.
  EXPECT_NE(service_.log.str().find("took no message for too long"), std::string::npos)
      << service_.log.str();
}

TEST_F(UnreadStreamTest, ALargeMessageMayTakeItsTimeBeforeItMakesRoom) {
  service_.open.emplace(Few(1, absl::Hours(1)), &clock_);
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitWrite();
  clock_.Advance(absl::Seconds(30));  // It has four minutes.
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kEnd; };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), reasons::kOverloaded);
  context.TryCancel();
  reader->Finish();
}

TEST_F(UnreadStreamTest, ASlowClientHoldsOneMessageBack) {
  service_.make = [](v1::WatchCommitsResponse& message) {
    message.mutable_commit()->set_label(std::string(1 << 20, 'x'));
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  v1::WatchCommitsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const int asked = service_.asked;
  // What flow control lets through: megabytes, and not one for each time we look.
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_LE(service_.asked, asked + 16);
  context.TryCancel();
  reader->Finish();
}

TEST_F(UnreadStreamTest, AClientThatReadsNothingLosesItsStream) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "every byte that crosses gRPC makes a report, and there are megabytes";
#endif
  service_.open.emplace(Few(16, absl::Milliseconds(80)), &service_.clock);
  service_.make = [](v1::WatchCommitsResponse& message) {
    message.mutable_commit()->set_label(std::string(1 << 20, 'x'));
    return Step::kMessage;
  };
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  const absl::Time start = absl::Now();
  server_->Shutdown(absl::Seconds(60));  // Waits for every stream.
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
  EXPECT_FALSE(reader->Finish().ok());
}

TEST_F(UnreadStreamTest, AClientThatReadsKeepsItsStream) {
  const absl::Duration unread_max = absl::Milliseconds(500);
  const absl::Time end = absl::Now() + unread_max * 1.2;
  service_.open.emplace(Few(16, unread_max), &service_.clock);
  service_.make = [end](v1::WatchCommitsResponse& message) {
    message.set_version(1);
    return absl::Now() < end ? Step::kMessage : Step::kEnd;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
}

TEST_F(UnreadStreamTest, OnlyAFewAreOpen) {
  service_.open.emplace(Few(2, absl::Seconds(60)), &service_.clock);
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kWait; };
  std::array<grpc::ClientContext, 2> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchCommitsResponse>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(stub_->WatchCommits(&context, {}));
  }
  AwaitAsked(2);
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), reasons::kOverloaded);
  for (size_t i = 0; i < contexts.size(); ++i) {
    contexts[i].TryCancel();
    readers[i]->Finish();
  }
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kEnd; };
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (ReasonAfterReading(versions) == reasons::kOverloaded && absl::Now() < deadline) {
  }
  EXPECT_LT(absl::Now(), deadline) << "those that are gone make room";
}

}  // namespace
}  // namespace fairway::rpc
