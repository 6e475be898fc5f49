#pragma once

#include <functional>

#include "absl/strings/string_view.h"

// Stops the process when an invariant of this program is broken. For mistakes inside the program
// only: whatever a client, a file, a database or a server can cause is an absl::Status.
#define FAIRWAY_CHECK(condition)                                      \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::fairway::internal::FailCheck(__FILE__, __LINE__, #condition); \
  } while (false)

namespace fairway {

// A check that failed, just before the process aborts.
struct CheckFailure {
  absl::string_view message;      // "libs/x/y.cc:17: check failed: size > 0"
  absl::string_view stack_trace;  // One line per frame.
};

// Reports failed checks through `report` instead of to standard error while this object exists, so
// that a process can send them to its log. One at a time in a process; install it before other
// threads start and remove it after they have ended. `report` may run on any thread.
class CheckFailureHook {
 public:
  explicit CheckFailureHook(std::function<void(const CheckFailure&)> report);
  ~CheckFailureHook();
  CheckFailureHook(const CheckFailureHook&) = delete;
  CheckFailureHook& operator=(const CheckFailureHook&) = delete;

 private:
  const std::function<void(const CheckFailure&)> report_;
};

namespace internal {
[[noreturn]] void FailCheck(const char* file, int line, const char* condition);
}  // namespace internal

}  // namespace fairway
