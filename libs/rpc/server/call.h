#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"

namespace fairway::rpc {

// What all calls of a method share. Lives as long as its service.
struct Method {
  absl::string_view name;  // "GetDailyRates"
  observability::MethodMetrics metrics;
  const observability::Logger* logger;
};

// One call from its start to its end: its request id, its deadline, its metrics and its log line.
// Borrows the context. May move between threads, one at a time; only Cancel() may be called
// meanwhile.
class Call {
 public:
  // `time_max`: the service's own limit, whatever the client asks for. `stop`: for calls that last,
  // whose reactor calls Cancel(); without it (one that is answered at once) nothing is allocated.
  Call(const Method& method, grpc::ServerContextBase* context, absl::Duration time_max,
       std::stop_source stop = std::stop_source(std::nostopstate));

  const Method& method() const { return method_; }
  // The client's, which its reply carries; else one made at the first use, and carried then.
  const std::string& request_id() const;
  // The client's deadline, or the service's own limit where that comes first. Cancelled when the
  // client cancels.
  const Deadline& deadline() const { return deadline_; }
  bool cancelled() const { return deadline_.cancelled(); }

  // For the OnCancel() of the call's reactor: stops whatever works on the call.
  void Cancel() { stop_.request_stop(); }

  // Adds to the trailing metadata how long the answer may have been out of date; nothing when it is
  // not, or when that is not known.
  void AddStaleness(absl::Duration staleness) const;

  // Counts and logs the outcome and returns the status for the client. Exactly once.
  grpc::Status Finish(const absl::Status& status);

 private:
  // Time is up, and the client would wait on. A stream may last long because of its client.
  bool IsPastOwnLimit(absl::Time now) const;
  void LogOutcome(const absl::Status& status, absl::Duration time) const;

  const Method& method_;
  grpc::ServerContextBase* const context_;
  const absl::Time start_;
  mutable std::string request_id_;  // Empty until it is known.
  const absl::Duration time_max_;
  std::stop_source stop_;
  const Deadline deadline_;
};

}  // namespace fairway::rpc
