#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"

// For the .cc files of this folder.
namespace fairway::postgres {

// One place where the database may be.
struct Endpoint {
  std::string host;     // As it was written.
  std::string address;  // One address of it; empty for a Unix socket.
  std::string port;

  std::string ToString() const;
};

// Where to look for the database: first where it was last time, then in the order in which the
// hosts are written, each with all its addresses. INVALID_ARGUMENT (as many ports as hosts, or
// one); UNAVAILABLE (no name is known); DEADLINE_EXCEEDED; CANCELLED.
absl::StatusOr<std::vector<Endpoint>> FindEndpoints(const ConnectionOptions& options,
                                                    const Deadline& deadline);

}  // namespace fairway::postgres
