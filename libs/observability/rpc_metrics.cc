#include "libs/observability/rpc_metrics.h"

#include <array>
#include <limits>
#include <string>
#include <utility>

namespace fairway::observability {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<const char*, CallCounts::kCodes> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

struct EventFamily {
  CallCounts::Event event;
  const char* name;
  const char* help;
};
constexpr std::array<EventFamily, CallCounts::kEvents> kEventFamilies = {{
    {CallCounts::kStarted, "grpc_server_started_total", "Calls started"},
    {CallCounts::kMessageReceived, "grpc_server_msg_received_total",
     "Messages received from clients"},
    {CallCounts::kMessageSent, "grpc_server_msg_sent_total", "Messages sent to clients"},
    {CallCounts::kServerFault, "fairway_rpc_server_faults_total",
     "Calls that failed by the fault of this service"},
}};

ClientMetric Counter(Labels labels, int64_t value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(value);
  return metric;
}

Labels WithCode(const Labels& labels, const char* code) {
  Labels with = labels;
  with.insert(with.begin(), {"grpc_code", code});
  return with;
}

ClientMetric Seconds(Labels labels, const CallCounts::Totals& totals) {
  ClientMetric metric;
  metric.label = std::move(labels);
  uint64_t cumulative = 0;
  for (size_t i = 0; i < totals.took.size(); ++i) {
    cumulative += static_cast<uint64_t>(totals.took[i]);
    const bool is_last = i == CallCounts::kSecondsBounds.size();
    metric.histogram.bucket.push_back({cumulative, is_last ? std::numeric_limits<double>::infinity()
                                                           : CallCounts::kSecondsBounds[i]});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = totals.seconds;
  return metric;
}

}  // namespace

MethodMetrics RpcMetrics::ForMethod(absl::string_view type, absl::string_view service,
                                    absl::string_view method) {
  const std::lock_guard lock(mutex_);
  Method& added = methods_.emplace_back();
  added.labels = {{"grpc_method", std::string(method)},
                  {"grpc_service", std::string(service)},
                  {"grpc_type", std::string(type)}};
  return MethodMetrics(&added.counts);
}

std::vector<MetricFamily> RpcMetrics::Collect() const {
  std::vector<MetricFamily> families;
  for (const EventFamily& family : kEventFamilies) {
    families.push_back({family.name, family.help, MetricType::Counter, {}});
  }
  MetricFamily handled = {
      "grpc_server_handled_total", "Calls ended, by code", MetricType::Counter, {}};
  MetricFamily seconds = {"grpc_server_handling_seconds",
                          "Time from a call's start to its end, in seconds",
                          MetricType::Histogram,
                          {}};
  const std::lock_guard lock(mutex_);
  for (const Method& method : methods_) {
    const CallCounts::Totals totals = method.counts.Sum();
    for (size_t i = 0; i < kEventFamilies.size(); ++i) {
      families[i].metric.push_back(Counter(method.labels, totals.events[kEventFamilies[i].event]));
    }
    for (size_t code = 0; code < kCodeNames.size(); ++code) {
      handled.metric.push_back(
          Counter(WithCode(method.labels, kCodeNames[code]), totals.handled[code]));
    }
    seconds.metric.push_back(Seconds(method.labels, totals));
  }
  families.push_back(std::move(handled));
  families.push_back(std::move(seconds));
  return families;
}

}  // namespace fairway::observability
