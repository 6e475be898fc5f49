#include "libs/rpc/server/bell.h"

#include <utility>

namespace fairway::rpc {

Bell::Bell(absl::Duration interval) : interval_(interval), thread_([this] { Run(); }) {}

Bell::~Bell() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  rung_.notify_all();
  thread_.join();
}

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

void Bell::Run() {
  std::unique_lock lock(mutex_);
  while (!rung_.wait_for(lock, absl::ToChronoMilliseconds(interval_), [this] { return stop_; })) {
    WakeAll();
  }
}

void Bell::WakeAll() {
  for (const auto& [subscription, wake] : wakes_) wake();
}

}  // namespace fairway::rpc
