#include "libs/rpc/server/call.h"

#include <grpcpp/create_channel.h>

#include <functional>
#include <future>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;

// Calls whose limit and outcome a test decides.
class CallService final : public v1::PriceIngestService::CallbackService {
 public:
  explicit CallService(observability::LogLevel level) : logger_("test", level, log) {}

  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const v1::GetBatchRequest*, v1::GetBatchResponse*) override {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    Call call(method_, context, time_max);
    reactor->Finish(call.Finish(on_call(call)));
    return reactor;
  }
  // The sum of the counters of this name, or of the times of histograms.
  double Total(absl::string_view name) {
    double total = 0;
    for (const prometheus::MetricFamily& family : metrics_.Collect()) {
      if (family.name != name) continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        total += metric.counter.value + metric.histogram.sample_sum;
      }
    }
    return total;
  }

  absl::Duration time_max = limits::kUnaryDeadlineDefault;
  std::function<absl::Status(const Call&)> on_call;
  std::ostringstream log;

 private:
  observability::RpcMetrics metrics_;
  observability::Logger logger_;
  const Method method_ = {.name = "GetBatch",
                          .metrics = metrics_.ForMethod("unary", "s", "GetBatch"),
                          .logger = &logger_};
};

class CallTest : public ::testing::Test {
 protected:
  explicit CallTest(observability::LogLevel level = observability::LogLevel::kDebug)
      : service_(level) {}

  absl::Status Ask(absl::Time deadline = Soon(), const std::string& request_id = "mine-9") {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(deadline));
    if (!request_id.empty()) context.AddMetadata("x-request-id", request_id);
    v1::GetBatchResponse response;
    const absl::Status status = FromGrpcStatus(stub_->GetBatch(&context, {}, &response));
    staleness_ = Trailing(context, "x-fairway-staleness-ms");
    request_id_ = Trailing(context, "x-request-id");
    return status;
  }
  // Empty where there is none.
  static std::string Trailing(const grpc::ClientContext& context, const char* key) {
    const auto found = context.GetServerTrailingMetadata().find(key);
    if (found == context.GetServerTrailingMetadata().end()) return "";
    return std::string(found->second.data(), found->second.size());
  }

  CallService service_;
  const std::unique_ptr<Server> server_ = Server::Start({}, &service_, "x").value();
  const std::unique_ptr<v1::PriceIngestService::Stub> stub_ =
      v1::PriceIngestService::NewStub(grpc::CreateChannel(
          absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  std::string staleness_;
  std::string request_id_;
};

// Without a line for each call, which would name its id.
class QuietCallTest : public CallTest {
 protected:
  QuietCallTest() : CallTest(observability::LogLevel::kError) {}
};

TEST_F(QuietCallTest, AnIdIsReturnedWhereOneWasGivenOrIsNeeded) {
  absl::Status answer;
  service_.on_call = [&](const Call&) { return answer; };
  FAIRWAY_EXPECT_OK(Ask());
  EXPECT_EQ(request_id_, "mine-9");
  FAIRWAY_EXPECT_OK(Ask(Soon(), ""));
  EXPECT_EQ(request_id_, "") << "nobody needs one";
  FAIRWAY_EXPECT_OK(Ask(Soon(), "two words"));
  EXPECT_EQ(request_id_.size(), 32) << "in place of one that would spoil a log";
  answer = absl::NotFoundError("x");
  Ask(Soon(), "").IgnoreError();
  EXPECT_EQ(request_id_.size(), 32);
  answer = absl::InternalError("x");
  const absl::Status status = Ask(Soon(), "");
  EXPECT_THAT(std::string(status.message()), HasSubstr(request_id_)) << "the id to quote";
}

TEST_F(QuietCallTest, AnIdThatWasAskedForIsReturned) {
  std::promise<std::string> seen;
  service_.on_call = [&](const Call& call) {
    const std::string id = call.request_id();
    EXPECT_EQ(call.request_id(), id) << "always the same";
    seen.set_value(id);
    return absl::OkStatus();
  };
  FAIRWAY_EXPECT_OK(Ask(Soon(), ""));
  EXPECT_EQ(request_id_, seen.get_future().get());
}

TEST_F(CallTest, IsLoggedAtTheLevelOfItsOutcome) {
  const auto level_of = [&](const absl::Status& status) {
    service_.log.str("");
    service_.on_call = [&](const Call&) { return status; };
    Ask().IgnoreError();
    const std::string line = service_.log.str();
    const size_t begin = line.find("\"level\":\"") + 9;
    return line.substr(begin, line.find('"', begin) - begin);
  };
  EXPECT_EQ(level_of(absl::OkStatus()), "debug");
  EXPECT_EQ(level_of(absl::InternalError("x")), "error");
  EXPECT_EQ(level_of(absl::UnknownError("x")), "error");
  EXPECT_EQ(level_of(absl::DataLossError("x")), "error");
  EXPECT_EQ(level_of(absl::UnavailableError("x")), "warning");
  EXPECT_EQ(level_of(absl::DeadlineExceededError("x")), "warning");
  EXPECT_EQ(level_of(absl::ResourceExhaustedError("x")), "warning");
  EXPECT_EQ(level_of(absl::NotFoundError("x")), "info");
  EXPECT_EQ(level_of(absl::CancelledError("x")), "info");
}

TEST_F(CallTest, ItsLineSaysWhichCallItWasAndWhyItFailed) {
  service_.on_call = [](const Call&) {
    return WithCause(DatabaseUnavailableError("no connection"), "of the driver");
  };
  Ask().IgnoreError();
  EXPECT_THAT(service_.log.str(),
              AllOf(HasSubstr("\"method\":\"GetBatch\""), HasSubstr("\"request_id\":\"mine-9\""),
                    HasSubstr("\"peer\":\"ipv4:127.0.0.1:"), HasSubstr("\"code\":\"UNAVAILABLE\""),
                    HasSubstr("\"reason\":\"DATABASE_UNAVAILABLE\""), HasSubstr("no connection"),
                    HasSubstr("\"cause\":\"of the driver\""), HasSubstr("\"seconds\":")));
}

TEST_F(CallTest, CountsItsTime) {
  service_.on_call = [](const Call&) {
    absl::SleepFor(absl::Milliseconds(5));
    return absl::OkStatus();
  };
  FAIRWAY_EXPECT_OK(Ask());
  EXPECT_EQ(service_.Total("grpc_server_started_total"), 1);
  EXPECT_EQ(service_.Total("grpc_server_handled_total"), 1);
  EXPECT_GE(service_.Total("grpc_server_handling_seconds"), 0.005);
}

TEST_F(CallTest, AStalenessThatIsThereAndKnownIsReported) {
  const auto reported = [&](absl::Duration staleness) {
    service_.on_call = [&](const Call& call) {
      call.AddStaleness(staleness);
      return absl::OkStatus();
    };
    FAIRWAY_EXPECT_OK(Ask());
    return staleness_;
  };
  EXPECT_EQ(reported(absl::Milliseconds(1'500)), "1500");
  EXPECT_EQ(reported(absl::Nanoseconds(1)), "0");
  EXPECT_EQ(reported(absl::ZeroDuration()), "");
  EXPECT_EQ(reported(-absl::Seconds(1)), "");
  EXPECT_EQ(reported(absl::InfiniteDuration()), "");
}

TEST_F(CallTest, TimeThatIsUpIsTheServicesFaultAtItsOwnLimitOnly) {
  const auto faults_with = [&](absl::Duration time_max, absl::Duration client_waits) {
    const double before = service_.Total("fairway_rpc_server_faults_total");
    service_.time_max = time_max;
    const absl::Time deadline = absl::Now() + client_waits;
    service_.on_call = [&](const Call&) {
      // The server may reckon the client's deadline a little later.
      if (client_waits < absl::Seconds(60)) {
        absl::SleepFor(deadline + absl::Seconds(1) - absl::Now());
      }
      return DeadlineExceededError();
    };
    const double ended = service_.Total("grpc_server_handled_total");
    Ask(deadline).IgnoreError();
    EXPECT_TRUE(Eventually([&] { return service_.Total("grpc_server_handled_total") > ended; }));
    return service_.Total("fairway_rpc_server_faults_total") - before;
  };
  EXPECT_EQ(faults_with(absl::ZeroDuration(), absl::Seconds(60)), 1);
  EXPECT_EQ(faults_with(limits::kUnaryDeadlineDefault, absl::Seconds(60)), 0) << "not yet";
  EXPECT_EQ(faults_with(absl::ZeroDuration(), absl::Milliseconds(300)), 0) << "nor would it wait";
}

TEST_F(CallTest, ItsDeadlineIsTheEarlierOfBothLimits) {
  const auto left_with = [&](absl::Duration time_max, absl::Duration client_waits) {
    service_.time_max = time_max;
    absl::Duration left;
    service_.on_call = [&](const Call& call) {
      left = call.deadline().time() - absl::Now();
      return absl::OkStatus();
    };
    FAIRWAY_EXPECT_OK(Ask(absl::Now() + client_waits));
    return left;
  };
  EXPECT_LE(left_with(absl::Seconds(100), absl::Seconds(1'000)), absl::Seconds(100));
  EXPECT_LE(left_with(absl::Seconds(1'000), absl::Seconds(100)), absl::Seconds(101));
}

}  // namespace
}  // namespace fairway::rpc
