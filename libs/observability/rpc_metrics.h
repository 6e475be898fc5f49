#pragma once

#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <deque>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/observability/call_counts.h"

namespace fairway::observability {

// The metrics of one RPC method. Thread-safe; lives as long as the RpcMetrics it is from.
class MethodMetrics {
 public:
  void Started() const { counts_->Add(CallCounts::kStarted); }
  void MessageReceived() const { counts_->Add(CallCounts::kMessageReceived); }
  void MessageSent() const { counts_->Add(CallCounts::kMessageSent); }
  void Handled(absl::StatusCode code, absl::Duration time) const { counts_->Handled(code, time); }
  // The call that was handled failed through no fault of its client's.
  void ServerFault() const { counts_->Add(CallCounts::kServerFault); }

 private:
  friend class RpcMetrics;
  explicit MethodMetrics(CallCounts* counts) : counts_(counts) {}

  CallCounts* counts_;
};

// The metrics of all methods of a server, under the names that gRPC dashboards know:
// grpc_server_started_total, grpc_server_handled_total, grpc_server_handling_seconds,
// grpc_server_msg_received_total, grpc_server_msg_sent_total, by grpc_type, grpc_service,
// grpc_method and (handled) grpc_code. Besides them fairway_rpc_server_faults_total, for alarms: a
// code alone does not show whose fault it is. Thread-safe.
class RpcMetrics final : public prometheus::Collectable {
 public:
  // `type`: "unary", "client_stream", "server_stream" or "bidi_stream". All series exist from here
  // on, so that a rate over them begins at zero. Once for each method.
  MethodMetrics ForMethod(absl::string_view type, absl::string_view service,
                          absl::string_view method);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Method {
    std::vector<prometheus::ClientMetric::Label> labels;  // Sorted by name, as Prometheus does.
    CallCounts counts;
  };

  mutable std::mutex mutex_;
  std::deque<Method> methods_ ABSL_GUARDED_BY(mutex_);  // Its elements never move.
};

}  // namespace fairway::observability
