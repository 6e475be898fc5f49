#include "services/query/metrics.h"

#include "libs/observability/gauge.h"

namespace fairway::query {

using observability::Gauge;

std::vector<prometheus::MetricFamily> BookMetrics::Collect() const {
  const auto book = held_.book();
  const auto over_budget =
      Gauge("fairway_book_over_budget",
            "1 while the newest version takes more memory than --book-bytes-max, and the database "
            "answers",
            held_.is_over_budget() ? 1 : 0);
  if (book == nullptr || held_.is_over_budget()) return {over_budget};
  return {over_budget,
          Gauge("fairway_book_version", "The dataset version that is held",
                static_cast<double>(book->version())),
          Gauge("fairway_book_prices", "Prices held", static_cast<double>(book->price_count())),
          Gauge("fairway_book_lanes", "Lanes held", static_cast<double>(book->lane_count())),
          Gauge("fairway_book_bytes", "Bytes of memory the prices take",
                static_cast<double>(book->byte_count())),
          Gauge("fairway_book_lag_seconds",
                "For how long the version that is held may not have been the newest",
                absl::ToDoubleSeconds(held_.Lag()))};
}

}  // namespace fairway::query
