#include "libs/rpc/server/connection_metrics.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

namespace fairway::rpc {

std::vector<prometheus::MetricFamily> ConnectionMetrics::Collect() const {
  prometheus::ClientMetric refused;
  refused.counter.value = static_cast<double>(server_.connections_refused());
  return {{"fairway_connections_refused_total",
           "Connections refused because the limit of open connections was reached",
           prometheus::MetricType::Counter,
           {refused}}};
}

}  // namespace fairway::rpc
