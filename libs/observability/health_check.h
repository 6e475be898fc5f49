#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fairway::observability {

// Asks the admin endpoint of a running service on this machine whether it is ready: what a
// container runs as its health check, so that its image needs no HTTP client. `address` is the one
// the service listens on, "host:port". UNAVAILABLE, with the reason /readyz gives, when it is not.
// Nothing done with the connection takes longer than `time_max`.
absl::Status CheckHealth(absl::string_view address, absl::Duration time_max = absl::Seconds(5));

}  // namespace fairway::observability
