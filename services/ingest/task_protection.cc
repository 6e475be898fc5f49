#include "services/ingest/task_protection.h"

#include <nlohmann/json.hpp>

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

// Longer than an upload, so that one request serves many uploads. It ends by itself if not lifted.
constexpr absl::Duration kProtectionTime = absl::Minutes(40);

// What the agent gives as its reason: {"failure": {"Reason": …}} or {"error": {"Code": …}}.
std::string ReasonIn(const nlohmann::json& answer) {
  for (const auto* path : {"/failure/Reason", "/error/Code"}) {
    const nlohmann::json::json_pointer pointer(path);
    if (answer.contains(pointer) && answer[pointer].is_string()) return answer[pointer];
  }
  return "no reason";
}

bool Confirms(const nlohmann::json& answer, bool is_protected) {
  const nlohmann::json::json_pointer pointer("/protection/ProtectionEnabled");
  return answer.contains(pointer) && answer[pointer] == is_protected;
}

}  // namespace

TaskProtection::TaskProtection(const std::string& agent, http::Client* http, const Clock* clock,
                               const observability::Logger* logger)
    : url_(absl::StrCat(agent, "/task-protection/v1/state")),
      http_(*http),
      clock_(*clock),
      logger_(*logger),
      lifter_([this](const std::stop_token& stop) { LiftWhenIdle(stop); }) {}

TaskProtection::~TaskProtection() = default;

absl::Status TaskProtection::Hold() {
  const std::lock_guard lock(mutex_);
  ++uploads_;
  const absl::Time now = clock_.Now();
  if (protected_until_ - now >= limits::kUploadTimeMax) return absl::OkStatus();
  const absl::Status status = Put(true, lifter_.get_stop_token());
  if (status.ok()) {
    protected_until_ = now + kProtectionTime;
    return absl::OkStatus();
  }
  logger_.Warning("the task is not protected from scale-in", {{"error", status.message()}});
  return absl::IsFailedPrecondition(status) ? DrainingError() : absl::OkStatus();
}

void TaskProtection::Release() {
  const std::lock_guard lock(mutex_);
  --uploads_;
  changed_.notify_all();
}

void TaskProtection::LiftWhenIdle(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(
      lock, stop, [this] { return uploads_ == 0 && protected_until_ > absl::InfinitePast(); })) {
    protected_until_ = absl::InfinitePast();
    const absl::Status status = Put(false, stop);
    if (status.ok()) continue;
    logger_.Warning("the task stays protected from scale-in for a while",
                    {{"error", status.message()}});
  }
}

absl::Status TaskProtection::Put(bool is_protected, const std::stop_token& stop) {
  nlohmann::json body = {{"ProtectionEnabled", is_protected}};
  if (is_protected) body["ExpiresInMinutes"] = absl::ToInt64Minutes(kProtectionTime);
  const http::Request request = {.method = "PUT",
                                 .url = url_,
                                 .headers = {{"Content-Type", "application/json"}},
                                 .body = body.dump(),
                                 .is_local = true};
  ASSIGN_OR_RETURN(const http::Response response, http_.Send(request, stop));
  const auto answer = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (response.status == 200 && Confirms(answer, is_protected)) return absl::OkStatus();
  const std::string reason = ReasonIn(answer);
  const std::string message =
      absl::StrCat("the ECS agent answered with HTTP status ", response.status, ", ", reason);
  // As many tasks are protected as are to stay.
  if (reason == "DEPLOYMENT_BLOCKED") return absl::FailedPreconditionError(message);
  return absl::UnavailableError(message);
}

}  // namespace fairway::ingest
