#include "libs/observability/rpc_metrics.h"

#include <prometheus/text_serializer.h>

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::observability {
namespace {

using ::testing::HasSubstr;

TEST(RpcMetricsTest, HaveTheNamesDashboardsKnow) {
  RpcMetrics metrics;
  const MethodMetrics method =
      metrics.ForMethod("unary", "fairway.v1.RateQueryService", "GetDailyRates");
  method.Started();
  method.MessageReceived();
  method.MessageSent();
  method.Handled(absl::StatusCode::kNotFound, absl::Milliseconds(3));
  method.ServerFault();
  const std::string text = prometheus::TextSerializer().Serialize(metrics.Collect());
  const std::string labels =
      R"(grpc_method="GetDailyRates",grpc_service="fairway.v1.RateQueryService",grpc_type="unary"} 1)";
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels));
  EXPECT_THAT(text, HasSubstr("fairway_rpc_server_faults_total{" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_received_total{" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_sent_total{" + labels));
  EXPECT_THAT(text, HasSubstr(R"(grpc_server_handled_total{grpc_code="NotFound",)" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + labels));
  EXPECT_THAT(text, HasSubstr(R"(grpc_server_handled_total{grpc_code="OK",)"))
      << "from zero on, before it ever happened";
}

// The value of each counter, by name and code.
std::map<std::string, double> Counters(const RpcMetrics& metrics) {
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string name = family.name;
      for (const auto& label : metric.label) {
        if (label.name == "grpc_code") name += " " + label.value;
      }
      values[name] = metric.counter.value;
      if (family.type == prometheus::MetricType::Histogram) {
        values[name] = metric.histogram.sample_sum;
      }
    }
  }
  return values;
}

TEST(RpcMetricsTest, EachEventCountsByItself) {
  RpcMetrics metrics;
  const MethodMetrics method = metrics.ForMethod("unary", "a.Service", "Get");
  for (int i = 0; i < 1; ++i) method.Started();
  for (int i = 0; i < 2; ++i) method.MessageReceived();
  for (int i = 0; i < 3; ++i) method.MessageSent();
  for (int i = 0; i < 4; ++i) method.ServerFault();
  method.Handled(absl::StatusCode::kOk, absl::Milliseconds(250));
  method.Handled(absl::StatusCode::kOk, absl::Milliseconds(500));
  std::map<std::string, double> counters = Counters(metrics);
  EXPECT_EQ(counters["grpc_server_started_total"], 1);
  EXPECT_EQ(counters["grpc_server_msg_received_total"], 2);
  EXPECT_EQ(counters["grpc_server_msg_sent_total"], 3);
  EXPECT_EQ(counters["fairway_rpc_server_faults_total"], 4);
  EXPECT_EQ(counters["grpc_server_handled_total OK"], 2);
  EXPECT_EQ(counters["grpc_server_handling_seconds"], 0.75);
}

TEST(RpcMetricsTest, TimesAreCumulativeAndMethodsApart) {
  RpcMetrics metrics;
  const MethodMetrics get = metrics.ForMethod("unary", "a.Service", "Get");
  const MethodMetrics list = metrics.ForMethod("unary", "a.Service", "List");
  get.Handled(absl::StatusCode::kOk, absl::Milliseconds(3));
  get.Handled(absl::StatusCode::kOk, absl::Hours(1));
  list.Handled(absl::StatusCode::kOk, absl::Milliseconds(3));
  const std::string text = prometheus::TextSerializer().Serialize(metrics.Collect());
  const auto line = [](const std::string& method, const std::string& bound, int count) {
    return R"(grpc_server_handling_seconds_bucket{grpc_method=")" + method +
           R"(",grpc_service="a.Service",grpc_type="unary",le=")" + bound + "\"} " +
           std::to_string(count) + "\n";
  };
  EXPECT_THAT(text, HasSubstr(line("Get", "0.002", 0)));
  EXPECT_THAT(text, HasSubstr(line("Get", "0.005", 1)));
  EXPECT_THAT(text, HasSubstr(line("Get", "1800", 1)));
  EXPECT_THAT(text, HasSubstr(line("Get", "+Inf", 2)));
  EXPECT_THAT(text, HasSubstr(line("List", "+Inf", 1)));
}

TEST(RpcMetricsTest, EachCodeHasItsName) {
  const std::vector<std::string> names = {
      "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
      "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
      "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
      "DataLoss", "Unauthenticated"};
  for (size_t code = 0; code <= names.size(); ++code) {
    RpcMetrics metrics;
    metrics.ForMethod("unary", "a.Service", "Get")
        .Handled(static_cast<absl::StatusCode>(code), absl::ZeroDuration());
    const std::string name = code < names.size() ? names[code] : "Unknown";
    EXPECT_EQ(Counters(metrics)["grpc_server_handled_total " + name], 1) << code;
  }
}

}  // namespace
}  // namespace fairway::observability
