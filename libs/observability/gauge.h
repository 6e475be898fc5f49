#pragma once

#include <prometheus/metric_family.h>

namespace fairway::observability {

// A gauge without labels, for a Collectable that reads its value when it is asked.
prometheus::MetricFamily Gauge(const char* name, const char* help, double value);

}  // namespace fairway::observability
