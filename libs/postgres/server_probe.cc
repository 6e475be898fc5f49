#include "libs/postgres/server_probe.h"

#include <libpq-fe.h>

#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/postgres/connect.h"

namespace fairway::postgres {

bool ServerAnswers(const pg_conn* connection, const ConnectionOptions& options,
                   const Deadline& deadline) {
  ConnectionOptions probe = options;
  const absl::string_view address = absl::NullSafeStringView(PQhostaddr(connection));
  probe.host = address.empty() ? PQhost(connection) : std::string(address);
  probe.port = PQport(connection);
  probe.connect_timeout = absl::InfiniteDuration();    // The deadline counts.
  probe.last_good = std::make_shared<LastGoodHost>();  // Says nothing about the host's fitness.
  return Connect(probe, deadline).ok() || deadline.Check().ok();
}

}  // namespace fairway::postgres
