#include "libs/observability/rpc_metrics.h"

#include <prometheus/text_serializer.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::observability {
namespace {

using ::testing::HasSubstr;

TEST(RpcMetricsTest, HaveTheNamesDashboardsKnow) {
  prometheus::Registry registry;
  RpcMetrics metrics(registry);
  const MethodMetrics method =
      metrics.ForMethod("unary", "fairway.v1.RateQueryService", "GetDailyRates");
  method.Started();
  method.MessageReceived();
  method.MessageSent();
  method.Handled(absl::StatusCode::kNotFound, absl::Milliseconds(3));
  method.ServerFault();
  const std::string text = prometheus::TextSerializer().Serialize(registry.Collect());
  const std::string labels =
      R"(grpc_method="GetDailyRates",grpc_service="fairway.v1.RateQueryService",grpc_type="unary"} 1)";
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_received_total{" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_sent_total{" + labels));
  EXPECT_THAT(text, HasSubstr(R"(grpc_server_handled_total{grpc_code="NotFound",)" + labels));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + labels));
  EXPECT_THAT(text, HasSubstr(R"(grpc_server_handled_total{grpc_code="OK",)"))
      << "from zero on, before it ever happened";
}

}  // namespace
}  // namespace fairway::observability
