#pragma once

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "libs/book/held_book.h"

namespace fairway::query {

// How the price book stands, read when it is asked for: fairway_book_version,
// fairway_book_prices, fairway_book_lanes, fairway_book_bytes, fairway_book_lag_seconds, which
// are there while a book answers, and fairway_book_over_budget. Borrows it. Thread-safe.
class BookMetrics final : public prometheus::Collectable {
 public:
  explicit BookMetrics(const HeldBook* held) : held_(*held) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const HeldBook& held_;
};

}  // namespace fairway::query
