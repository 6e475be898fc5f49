#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"

namespace fairway {

// Runs a function again and again on a thread of its own. Owns the thread and borrows the clock.
// Thread-safe.
class PeriodicTask {
 public:
  // Returns when the next run is due; in the infinite future: at RunNow(). Must return soon once
  // `stop` is requested.
  using Run = std::function<absl::Time(const std::stop_token& stop)>;

  // By default the first run is due at once.
  PeriodicTask(const Clock* clock, Run run, absl::Time first_run = absl::InfinitePast());
  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;
  ~PeriodicTask() { Stop(); }

  // Makes the next run due now. During a run, another one follows at once. Does not block.
  void RunNow();

  // Requests a stop and waits for the run in progress. Afterwards nothing runs. Not to be called by
  // the task itself.
  void Stop();

 private:
  void Loop(const std::stop_token& stop, absl::Time first_run);
  // False once a stop is requested.
  bool AwaitRun(absl::Time due, const std::stop_token& stop);

  const Clock& clock_;
  const Run run_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool run_now_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;  // Last: it uses the rest.
};

}  // namespace fairway
