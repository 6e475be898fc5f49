#include "libs/storage/postgres/pool_metrics.h"

#include <prometheus/metric_family.h>

#include <utility>

namespace fairway {
namespace {

prometheus::MetricFamily PoolGauge(const char* name, const char* help) {
  return {name, help, prometheus::MetricType::Gauge, {}};
}

void AddGauge(const std::string& pool, int value, prometheus::MetricFamily& family) {
  prometheus::ClientMetric metric;
  metric.label = {{"pool", pool}};
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

PoolMetrics::PoolMetrics(std::vector<NamedPool> pools) : pools_(std::move(pools)) {}

std::vector<prometheus::MetricFamily> PoolMetrics::Collect() const {
  prometheus::MetricFamily in_use =
      PoolGauge("fairway_pool_connections_in_use", "Database connections on loan or being opened");
  prometheus::MetricFamily idle =
      PoolGauge("fairway_pool_connections_idle", "Database connections kept for the next caller");
  prometheus::MetricFamily max = PoolGauge("fairway_pool_connections_max",
                                           "Database connections that may be in use at a time");
  prometheus::MetricFamily waiting =
      PoolGauge("fairway_pool_waiting", "Callers that wait for a database connection");
  for (const NamedPool& named : pools_) {
    const postgres::Pool::Counts counts = named.pool->counts();
    AddGauge(named.name, counts.in_use, in_use);
    AddGauge(named.name, counts.idle, idle);
    AddGauge(named.name, counts.max, max);
    AddGauge(named.name, counts.waiting, waiting);
  }
  return {std::move(in_use), std::move(idle), std::move(max), std::move(waiting)};
}

}  // namespace fairway
