#include "libs/rpc/outbound_stream.h"

#include <grpcpp/create_channel.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <future>
#include <optional>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {
namespace {

using Response = v1::WatchCommitsResponse;

// A service whose stream tests make.
class StreamService final : public v1::RateQueryService::WithRawCallbackMethod_WatchCommits<
                                v1::RateQueryService::CallbackService> {
 public:
  StreamService() : metrics_(registry_), logger_("test", observability::LogLevel::kError, log_) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchCommits(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer*) override {
    return new OutboundStream<Response>(
        method_, executor, context, time_max, &bell,
        [this](const Call& call, Response& message) {
          ++asked;
          if (on_call != nullptr) on_call(call);
          return make(message);
        },
        open.has_value() ? &*open : nullptr, &elsewhere);
  }

  // Calls that failed by the fault of the service.
  double faults() {
    double faults = 0;
    for (const prometheus::MetricFamily& family : registry_.Collect()) {
      if (family.name != "fairway_rpc_server_faults_total") continue;
      for (const prometheus::ClientMetric& metric : family.metric) faults += metric.counter.value;
    }
    return faults;
  }

  // Until no task runs or waits: what the streams do next is up to the bell.
  void AwaitIdle() {
    const auto met = std::make_shared<std::atomic<int>>(0);
    const auto meet = [met] {
      ++*met;
      while (*met < kThreads) std::this_thread::yield();
    };
    for (int i = 0; i < kThreads; ++i) {
      while (!executor.TrySubmit(meet)) std::this_thread::yield();
    }
    while (*met < kThreads) std::this_thread::yield();
  }

  static constexpr int kThreads = 2;

  Bell bell{absl::Hours(1)};
  std::optional<OpenStreams> open;
  absl::Duration time_max = absl::Seconds(60);
  std::function<absl::StatusOr<Step>(Response&)> make;
  std::function<void(const Call&)> on_call;
  std::atomic<int> asked = 0;

 private:
  std::ostringstream log_;
  prometheus::Registry registry_;
  observability::RpcMetrics metrics_;
  observability::Logger logger_;
  Method method_{"WatchCommits", metrics_.ForMethod("server_stream", "s", "Watch"), &logger_};

 public:
  // Last: their threads end before anything goes that they use.
  Executor executor{kThreads, 16};
  Executor elsewhere{1, 16};
};

class OutboundStreamTest : public ::testing::Test {
 protected:
  OutboundStreamTest()
      : server_(Server::Start({}, &service_, "fairway.v1.RateQueryService").value()),
        stub_(v1::RateQueryService::NewStub(grpc::CreateChannel(
            absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()))) {}

  // The versions that arrive, and how the stream ends.
  std::string ReasonAfterReading(std::vector<int64_t>& versions) {
    grpc::ClientContext context;
    const auto reader = stub_->WatchCommits(&context, {});
    Response response;
    while (reader->Read(&response)) versions.push_back(response.version());
    return ReasonOf(FromGrpcStatus(reader->Finish()));
  }
  void AwaitAsked(int times) {
    while (service_.asked < times) std::this_thread::yield();
  }

  StreamService service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::RateQueryService::Stub> stub_;
};

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
  EXPECT_EQ(ReasonAfterReading(versions), "LOCATION_NOT_FOUND");
}

TEST_F(OutboundStreamTest, WaitsForTheBell) {
  std::atomic<int64_t> newest = 0;
  service_.make = [&, told = int64_t{0}](Response& message) mutable -> absl::StatusOr<Step> {
    if (told == newest) return Step::kWait;
    message.set_version(++told);
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
}

TEST_F(OutboundStreamTest, AClosedBellEndsWhatWaits) {
  service_.make = [](Response&) { return Step::kWait; };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  service_.bell.Close();
  EXPECT_EQ(ReasonOf(FromGrpcStatus(reader->Finish())), "DRAINING");
}

TEST_F(OutboundStreamTest, AClientThatGoesAwayWhileNothingHappensIsNoticed) {
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

TEST_F(OutboundStreamTest, AClientThatGoesAwayStopsTheWorkOnItsMessage) {
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

TEST_F(OutboundStreamTest, ASlowClientHoldsOneMessageBack) {
  service_.make = [](Response& message) {
    message.mutable_commit()->set_label(std::string(1 << 20, 'x'));
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  Response response;
  ASSERT_TRUE(reader->Read(&response));
  const int asked = service_.asked;
  // What flow control lets through: megabytes, and not one for each time we look.
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_LE(service_.asked, asked + 16);
  context.TryCancel();
  reader->Finish();
}

TEST_F(OutboundStreamTest, ABellThatRingsWhileTheExecutorIsFullIsNoReasonToSleepForEver) {
  std::atomic<int64_t> newest = 0;
  service_.make = [&, told = int64_t{0}](Response& message) mutable -> absl::StatusOr<Step> {
    if (told == newest) return Step::kWait;
    message.set_version(told = newest);
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  service_.AwaitIdle();
  absl::Notification go;
  while (service_.executor.TrySubmit([&] { go.WaitForNotification(); })) {
  }
  newest = 7;
  service_.bell.Ring();
  go.Notify();
  service_.AwaitIdle();
  service_.bell.Ring();
  Response response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.version(), 7);
  context.TryCancel();
  reader->Finish();
}

TEST_F(OutboundStreamTest, AClientThatReadsNothingLosesItsStream) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "every byte that crosses gRPC makes a report, and there are megabytes";
#endif
  service_.open.emplace(16, absl::Milliseconds(80));
  service_.make = [](Response& message) {
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

TEST_F(OutboundStreamTest, AClientThatReadsKeepsItsStream) {
  const absl::Duration unread_max = absl::Milliseconds(500);
  const absl::Time end = absl::Now() + unread_max * 1.2;
  service_.open.emplace(16, unread_max);
  service_.make = [end](Response& message) {
    message.set_version(1);
    return absl::Now() < end ? Step::kMessage : Step::kEnd;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
}

TEST_F(OutboundStreamTest, OnlySoManyAreOpen) {
  service_.open.emplace(2, absl::Seconds(60));
  service_.make = [](Response&) { return Step::kWait; };
  std::array<grpc::ClientContext, 2> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<Response>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(stub_->WatchCommits(&context, {}));
  }
  AwaitAsked(2);
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "OVERLOADED");
  for (size_t i = 0; i < contexts.size(); ++i) {
    contexts[i].TryCancel();
    readers[i]->Finish();
  }
  service_.make = [](Response&) { return Step::kEnd; };
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (ReasonAfterReading(versions) == "OVERLOADED" && absl::Now() < deadline) {
  }
  EXPECT_LT(absl::Now(), deadline) << "those that are gone make room";
}

TEST_F(OutboundStreamTest, EndsAtItsTimeLimit) {
  service_.time_max = absl::ZeroDuration();
  service_.make = [](Response&) { return Step::kMessage; };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "DEADLINE_EXCEEDED");
  EXPECT_EQ(service_.faults(), 1) << "the limit is the service's own";
}

}  // namespace
}  // namespace fairway::rpc
