#include "libs/rpc/server/process.h"

#include <google/protobuf/stubs/logging.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "absl/synchronization/mutex.h"

#include "libs/domain/server_limits.h"

namespace fairway::rpc {
namespace {

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Each connection takes a descriptor, and the default soft limit is 1,024. It is not raised beyond
// what a server needs: some libraries take time or memory for each that may be open.
void RaiseDescriptorLimit() {
  constexpr rlim_t kDescriptorsMax = limits::kConnectionsMax + limits::kDescriptorsReserved;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, kDescriptorsMax);
  if (wanted <= limit.rlim_cur) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void InitProcess() {
  RaiseDescriptorLimit();
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGPIPE, SIG_IGN);
  // What is wrong with a message is in the status of its call; stderr is the log's.
  google::protobuf::SetLogHandler(nullptr);
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void WaitForTermination() {
  const sigset_t signals = TerminationSignals();
  int signal = 0;
  sigwait(&signals, &signal);
}

}  // namespace fairway::rpc
