#include "libs/rpc/server/bell.h"

#include <utility>

namespace fairway::rpc {

Bell::Bell(absl::Duration interval, const Clock* clock)
    : clock_(*clock),
      ringing_(
          clock,
          [this, interval](const std::stop_token&) {
            Ring();
            return clock_.Now() + interval;
          },
          /*first_run=*/clock->Now() + interval) {}

int64_t Bell::Subscribe(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wakes_[++last_subscription_] = std::move(wake);
  return last_subscription_;
}

void Bell::Unsubscribe(int64_t subscription) {
  const std::lock_guard lock(mutex_);
  wakes_.erase(subscription);
}

void Bell::Ring() {
  const std::lock_guard lock(mutex_);
  WakeAll();
}

void Bell::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  WakeAll();
}

bool Bell::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void Bell::WakeAll() {
  for (const auto& [subscription, wake] : wakes_) wake();
}

}  // namespace fairway::rpc
