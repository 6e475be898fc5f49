#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"

namespace fairway {

// The metrics of one operation of a store. Looked up once, because finding a label set takes a
// lock. Cheap to copy; lives as long as the registry and the clock. Thread-safe.
class OperationMetrics {
 public:
  // Returns what `call` returns, a Status or a StatusOr, and records its duration and its failure.
  template <typename Call>
  auto Measure(Call call) const {
    const absl::Time begin = clock_->Now();
    auto result = call();
    Record(StatusOf(result), clock_->Now() - begin);
    return result;
  }

 private:
  friend class StoreMetrics;
  // In the order of their names in store_metrics.cc.
  enum class Error { kUnavailable, kDeadlineExceeded, kCancelled, kInternal, kRefused };
  static constexpr size_t kErrorCount = 5;

  static const absl::Status& StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }
  static Error ErrorOf(const absl::Status& status);
  void Record(const absl::Status& status, absl::Duration duration) const;

  const Clock* clock_;
  prometheus::Histogram* seconds_;
  std::array<prometheus::Counter*, kErrorCount> errors_;
};

// How long the operations of the stores take and how often they fail:
// fairway_store_operation_seconds by operation, fairway_store_operation_errors_total by operation
// and error. The error "refused" is an answer of the store, such as a batch that does not exist or
// a version that is not there yet; the others are failures of the database or of its caller. One
// object for each registry; borrows both. Thread-safe.
class StoreMetrics {
 public:
  StoreMetrics(prometheus::Registry* registry, const Clock* clock);

  // All series exist from here on, so that a rate over them begins at zero.
  OperationMetrics ForOperation(absl::string_view name);

 private:
  const Clock* const clock_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Counter>& errors_;
};

}  // namespace fairway
