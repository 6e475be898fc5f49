#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace fairway::postgres {

// Does things at their time on a thread of its own: what must happen while everybody who could do
// it is blocked. Must outlive its alarms. Thread-safe.
class Watchdog {
 public:
  // Something that is done at a certain time, unless that is changed before, or the alarm goes.
  class Alarm {
   public:
    // `action` runs on the watchdog's thread and holds up all other alarms: it must not block, and
    // must not touch alarms.
    Alarm(Watchdog* watchdog, std::function<void()> action);
    // From here on the action neither runs nor is running.
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    // In place of the time set before; infinite is never.
    void Set(absl::Time time);

   private:
    friend class Watchdog;

    Watchdog& watchdog_;
    const std::function<void()> action_;
    std::multimap<absl::Time, Alarm*>::iterator position_;  // Guarded by the watchdog's mutex.
  };

  Watchdog();
  ~Watchdog();

 private:
  using Alarms = std::multimap<absl::Time, Alarm*>;

  void Run();
  void RunDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(Alarm& alarm) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::mutex mutex_;
  std::condition_variable changed_;
  Alarms alarms_ ABSL_GUARDED_BY(mutex_);
  // When the thread looks next. It is woken for what comes before that and for nothing else, so
  // that an alarm which is set and called off again costs no switch between threads.
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::postgres
