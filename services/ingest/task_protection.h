#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/http/client.h"
#include "libs/observability/log.h"

namespace fairway::ingest {

// Keeps ECS from stopping this task, to scale in or to deploy, while uploads run. The protocol:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
// Thread-safe.
class TaskProtection {
 public:
  // `agent` is the value of ECS_AGENT_URI. Borrows the rest.
  TaskProtection(const std::string& agent, http::Client* http, const Clock* clock,
                 const observability::Logger* logger);
  ~TaskProtection();

  // An upload begins: returns once the task is protected for as long as that may take. DRAINING
  // when ECS refuses because it is about to stop the task. Other failures of the agent are only
  // logged: an upload that is interrupted can be retried, so refusing it would not help. Followed
  // by Release(), whatever it returned.
  absl::Status Hold();
  // An upload ended. Soon after the last one the protection is lifted.
  void Release();

 private:
  void LiftWhenIdle(const std::stop_token& stop);
  // FAILED_PRECONDITION when ECS says no; UNAVAILABLE when it cannot say.
  absl::Status Put(bool is_protected, const std::stop_token& stop)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string url_;
  http::Client& http_;  // Under the mutex: it is for one request at a time.
  const Clock& clock_;
  const observability::Logger& logger_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  int uploads_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time protected_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::jthread lifter_;  // Last: it uses the rest.
};

}  // namespace fairway::ingest
