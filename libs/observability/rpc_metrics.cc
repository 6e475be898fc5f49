#include "libs/observability/rpc_metrics.h"

#include <map>
#include <string>

namespace fairway::observability {
namespace {

constexpr std::array<const char*, 17> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// From a fifth of a millisecond (memory) to half an hour (uploads).
const prometheus::Histogram::BucketBoundaries kBuckets = {
    0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
    0.5,    1,      2,     5,     10,    30,   60,   300,  1800};

prometheus::Family<prometheus::Counter>& BuildCounter(prometheus::Registry& registry,
                                                      const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

void MethodMetrics::Handled(absl::StatusCode code, absl::Duration time) const {
  const auto index = static_cast<size_t>(code);
  handled_[index < kCodes ? index : static_cast<size_t>(absl::StatusCode::kUnknown)]->Increment();
  seconds_->Observe(absl::ToDoubleSeconds(time));
}

RpcMetrics::RpcMetrics(prometheus::Registry& registry)
    : started_(BuildCounter(registry, "grpc_server_started_total", "Calls started")),
      handled_(BuildCounter(registry, "grpc_server_handled_total", "Calls ended, by code")),
      messages_received_(BuildCounter(registry, "grpc_server_msg_received_total",
                                      "Messages received from clients")),
      messages_sent_(
          BuildCounter(registry, "grpc_server_msg_sent_total", "Messages sent to clients")),
      server_faults_(BuildCounter(registry, "fairway_rpc_server_faults_total",
                                  "Calls that failed by the fault of this service")),
      seconds_(prometheus::BuildHistogram()
                   .Name("grpc_server_handling_seconds")
                   .Help("Time from a call's start to its end, in seconds")
                   .Register(registry)) {}

MethodMetrics RpcMetrics::ForMethod(absl::string_view type, absl::string_view service,
                                    absl::string_view method) {
  std::map<std::string, std::string> labels = {{"grpc_type", std::string(type)},
                                               {"grpc_service", std::string(service)},
                                               {"grpc_method", std::string(method)}};
  MethodMetrics metrics;
  metrics.started_ = &started_.Add(labels);
  metrics.messages_received_ = &messages_received_.Add(labels);
  metrics.messages_sent_ = &messages_sent_.Add(labels);
  metrics.server_faults_ = &server_faults_.Add(labels);
  metrics.seconds_ = &seconds_.Add(labels, kBuckets);
  for (size_t code = 0; code < kCodeNames.size(); ++code) {
    labels["grpc_code"] = kCodeNames[code];
    metrics.handled_[code] = &handled_.Add(labels);
  }
  return metrics;
}

}  // namespace fairway::observability
