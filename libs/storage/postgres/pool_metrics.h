#pragma once

#include <prometheus/collectable.h>

#include <string>
#include <vector>

#include "libs/postgres/pool.h"

namespace fairway {

// How busy pools of database connections are, read when it is asked for:
// fairway_pool_connections_in_use, fairway_pool_connections_idle, fairway_pool_connections_max and
// fairway_pool_waiting, by pool. Borrows the pools. Thread-safe.
class PoolMetrics final : public prometheus::Collectable {
 public:
  struct NamedPool {
    std::string name;  // The label `pool`.
    const postgres::Pool* pool;
  };
  explicit PoolMetrics(std::vector<NamedPool> pools);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::vector<NamedPool> pools_;
};

}  // namespace fairway
