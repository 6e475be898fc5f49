#pragma once

#include <sys/types.h>

#include <csignal>

namespace fairway::testing {

// A process that hangs, as long as this object lives.
class StoppedProcess {
 public:
  explicit StoppedProcess(pid_t process) : process_(process) { kill(process_, SIGSTOP); }
  ~StoppedProcess() { kill(process_, SIGCONT); }
  StoppedProcess(const StoppedProcess&) = delete;
  StoppedProcess& operator=(const StoppedProcess&) = delete;

 private:
  const pid_t process_;
};

}  // namespace fairway::testing
