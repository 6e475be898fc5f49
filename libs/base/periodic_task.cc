#include "libs/base/periodic_task.h"

#include <utility>

namespace fairway {

PeriodicTask::PeriodicTask(const Clock* clock, Run run, absl::Time first_run)
    : clock_(*clock),
      run_(std::move(run)),
      thread_([this, first_run](const std::stop_token& stop) { Loop(stop, first_run); }) {}

void PeriodicTask::RunNow() {
  const std::lock_guard lock(mutex_);
  run_now_ = true;
  changed_.notify_all();
}

void PeriodicTask::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void PeriodicTask::Loop(const std::stop_token& stop, absl::Time first_run) {
  absl::Time due = first_run;
  while (AwaitRun(due, stop)) due = run_(stop);
}

bool PeriodicTask::AwaitRun(absl::Time due, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  clock_.WaitUntil(changed_, lock, {due, stop},
                   [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return run_now_; });
  run_now_ = false;
  return !stop.stop_requested();
}

}  // namespace fairway
