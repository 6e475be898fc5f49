#include "libs/postgres/watchdog.h"

#include <utility>

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"

namespace fairway::postgres {

Watchdog::Alarm::Alarm(Watchdog* watchdog, std::function<void()> action)
    : watchdog_(*watchdog), action_(std::move(action)), position_(watchdog_.alarms_.end()) {}

Watchdog::Alarm::~Alarm() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.Remove(*this);
}

void Watchdog::Alarm::Set(absl::Time time) {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.Remove(*this);
  if (time == absl::InfiniteFuture()) return;
  position_ = watchdog_.alarms_.emplace(time, this);
  if (time < watchdog_.next_look_) watchdog_.changed_.notify_one();
}

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void Watchdog::Remove(Alarm& alarm) {
  if (alarm.position_ == alarms_.end()) return;
  alarms_.erase(alarm.position_);
  alarm.position_ = alarms_.end();
}

void Watchdog::Run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    RunDue();
    next_look_ = alarms_.empty() ? absl::InfiniteFuture() : alarms_.begin()->first;
    const auto has_news = [this] {
      return stopped_ || (!alarms_.empty() && alarms_.begin()->first < next_look_);
    };
    WaitUntil(changed_, lock, next_look_, has_news);
  }
}

// Under the lock, so that no action runs after the destructor of its alarm.
void Watchdog::RunDue() {
  const absl::Time now = absl::Now();
  while (!alarms_.empty() && alarms_.begin()->first <= now) {
    Alarm& alarm = *alarms_.begin()->second;
    Remove(alarm);
    alarm.action_();
  }
}

}  // namespace fairway::postgres
