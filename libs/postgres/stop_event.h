#pragma once

#include <functional>
#include <optional>
#include <stop_token>

// For the .cc files of this folder.
namespace fairway::postgres {

// A descriptor that becomes readable when a stop is requested, so that poll() ends by it.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop);
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  // -1, which poll() ignores, when no stop can be requested.
  int fd() const { return fd_; }

 private:
  const int fd_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace fairway::postgres
