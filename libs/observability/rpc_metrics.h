#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fairway::observability {

// The metrics of one RPC method. Looked up once, because finding a label set takes a lock.
// Thread-safe; lives as long as the registry.
class MethodMetrics {
 public:
  void Started() const { started_->Increment(); }
  void MessageReceived() const { messages_received_->Increment(); }
  void MessageSent() const { messages_sent_->Increment(); }
  void Handled(absl::StatusCode code, absl::Duration time) const;
  // The call that was handled failed through no fault of its client's.
  void ServerFault() const { server_faults_->Increment(); }

 private:
  friend class RpcMetrics;
  static constexpr size_t kCodes = 17;

  prometheus::Counter* started_;
  prometheus::Counter* messages_received_;
  prometheus::Counter* messages_sent_;
  std::array<prometheus::Counter*, kCodes> handled_;
  prometheus::Counter* server_faults_;
  prometheus::Histogram* seconds_;
};

// The metrics of all methods of a server, under the names that gRPC dashboards know:
// grpc_server_started_total, grpc_server_handled_total, grpc_server_handling_seconds,
// grpc_server_msg_received_total, grpc_server_msg_sent_total, by grpc_type, grpc_service,
// grpc_method and (handled) grpc_code. Besides them fairway_rpc_server_faults_total, for alarms: a
// code alone does not show whose fault it is.
class RpcMetrics {
 public:
  explicit RpcMetrics(prometheus::Registry& registry);

  // `type`: "unary", "client_stream", "server_stream" or "bidi_stream". All series exist from here
  // on, so that a rate over them begins at zero.
  MethodMetrics ForMethod(absl::string_view type, absl::string_view service,
                          absl::string_view method);

 private:
  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Counter>& messages_received_;
  prometheus::Family<prometheus::Counter>& messages_sent_;
  prometheus::Family<prometheus::Counter>& server_faults_;
  prometheus::Family<prometheus::Histogram>& seconds_;
};

}  // namespace fairway::observability
