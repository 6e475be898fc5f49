#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace fairway::rpc {

// Wakes what waits for news: whenever it is rung, and every `interval` without news, so that who
// waits can say that he still does. Thread-safe.
class Bell {
 public:
  explicit Bell(absl::Duration interval);
  ~Bell();

  // `wake` is called from any thread, must not block, and must not call the bell.
  int64_t Subscribe(std::function<void()> wake);
  // After this, `wake` is not called any more.
  void Unsubscribe(int64_t subscription);

  void Ring();
  // Rings once more; what waits is to end.
  void Close();
  bool closed() const;

 private:
  void Run();
  void WakeAll();  // With mutex_ held.

  const absl::Duration interval_;
  mutable std::mutex mutex_;
  std::condition_variable rung_;
  std::map<int64_t, std::function<void()>> wakes_;
  int64_t last_subscription_ = 0;
  bool closed_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace fairway::rpc
