#pragma once

#include <prometheus/collectable.h>

#include <vector>

#include "libs/rpc/server/server.h"

namespace fairway::rpc {

// What the listener of a server did: fairway_connections_refused_total. Borrows the server.
// Thread-safe.
class ConnectionMetrics final : public prometheus::Collectable {
 public:
  explicit ConnectionMetrics(const Server* server) : server_(*server) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Server& server_;
};

}  // namespace fairway::rpc
