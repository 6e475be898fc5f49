#include "libs/rpc/server/call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/rpc/request_id.h"
#include "libs/rpc/server/server_fault.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {
namespace {

// Empty where the client sent none. Of one that is not well-formed, another takes the place.
std::string GivenRequestId(const grpc::ServerContextBase& context) {
  const auto found =
      context.client_metadata().find(grpc::string_ref(kRequestIdKey.data(), kRequestIdKey.size()));
  if (found == context.client_metadata().end()) return "";
  return RequestIdOrNew(absl::string_view(found->second.data(), found->second.size()));
}

observability::LogLevel LevelOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return observability::LogLevel::kDebug;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return observability::LogLevel::kError;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return observability::LogLevel::kWarning;
    default:
      return observability::LogLevel::kInfo;
  }
}

}  // namespace

Call::Call(const Method& method, grpc::ServerContextBase* context, absl::Duration time_max,
           std::stop_source stop)
    : method_(method),
      context_(context),
      start_(absl::Now()),
      request_id_(GivenRequestId(*context)),
      time_max_(time_max),
      stop_(std::move(stop)),
      deadline_(std::min(absl::FromChrono(context->deadline()), start_ + time_max),
                stop_.get_token()) {
  method_.metrics.Started();
}

const std::string& Call::request_id() const {
  if (request_id_.empty()) request_id_ = RequestIdOrNew("");
  return request_id_;
}

void Call::AddStaleness(absl::Duration staleness) const {
  if (staleness <= absl::ZeroDuration() || staleness == absl::InfiniteDuration()) return;
  context_->AddTrailingMetadata("x-fairway-staleness-ms",
                                absl::StrCat(absl::ToInt64Milliseconds(staleness)));
}

grpc::Status Call::Finish(const absl::Status& status) {
  const absl::Time now = absl::Now();
  const absl::Duration time = now - start_;
  LogOutcome(status, time);
  if (!status.ok() || !request_id_.empty()) {
    context_->AddTrailingMetadata(std::string(kRequestIdKey), request_id());
  }
  grpc::Status reply = status.ok() ? grpc::Status::OK : ToGrpcStatus(status, request_id());
  method_.metrics.Handled(static_cast<absl::StatusCode>(reply.error_code()), time);
  if (!status.ok() && IsServerFault(status, IsPastOwnLimit(now))) {
    method_.metrics.ServerFault();
  }
  return reply;
}

bool Call::IsPastOwnLimit(absl::Time now) const {
  return time_max_ <= limits::kUnaryDeadlineDefault && now >= start_ + time_max_ &&
         now < absl::FromChrono(context_->deadline());
}

void Call::LogOutcome(const absl::Status& status, absl::Duration time) const {
  const observability::LogLevel level = LevelOf(status.code());
  if (!method_.logger->IsOn(level)) return;
  method_.logger->Log(level, status.ok() ? "call ended" : "call failed",
                      {{"method", method_.name},
                       {"request_id", request_id()},
                       {"peer", context_->peer()},
                       {"code", absl::StatusCodeToString(status.code())},
                       {"reason", ReasonOf(status)},
                       {"error", status.message()},
                       {"cause", CauseOf(status)},
                       {"seconds", absl::ToDoubleSeconds(time)}});
}

}  // namespace fairway::rpc
