#include "libs/postgres/stop_event.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace fairway::postgres {

// Where the process has no descriptor left a wait ends by its time alone.
StopEvent::StopEvent(const std::stop_token& stop)
    : fd_(stop.stop_possible() ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1) {
  if (fd_ < 0) return;
  on_stop_.emplace(stop, [fd = fd_] {
    const uint64_t one = 1;
    // Cannot fail but by overflow, and then the event is set.
    [[maybe_unused]] const auto written = write(fd, &one, sizeof(one));
  });
}

StopEvent::~StopEvent() {
  on_stop_.reset();  // Returns when it runs no more.
  if (fd_ >= 0) close(fd_);
}

}  // namespace fairway::postgres
