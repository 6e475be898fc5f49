#include "libs/storage/metered/store_metrics.h"

#include <map>
#include <string>

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway {
namespace {

constexpr std::array<const char*, 5> kErrorNames = {"unavailable", "deadline_exceeded", "cancelled",
                                                    "internal", "refused"};

// From half a millisecond (a row by its key) to ten minutes (a run of an upload to a slow server).
const prometheus::Histogram::BucketBoundaries kSecondsBuckets = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600};

}  // namespace

OperationMetrics::Error OperationMetrics::ErrorOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:  // Of a version that has not arrived, too.
      return ReasonOf(status) == reasons::kDatabaseUnavailable ? Error::kUnavailable
                                                               : Error::kRefused;
    case absl::StatusCode::kDeadlineExceeded:
      return Error::kDeadlineExceeded;
    case absl::StatusCode::kCancelled:
      return Error::kCancelled;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Error::kInternal;
    default:
      return Error::kRefused;
  }
}

void OperationMetrics::Record(const absl::Status& status, absl::Duration duration) const {
  seconds_->Observe(absl::ToDoubleSeconds(duration));
  if (!status.ok()) errors_[static_cast<size_t>(ErrorOf(status))]->Increment();
}

StoreMetrics::StoreMetrics(prometheus::Registry* registry, const Clock* clock)
    : clock_(clock),
      seconds_(prometheus::BuildHistogram()
                   .Name("fairway_store_operation_seconds")
                   .Help("Duration of operations of the stores, in seconds")
                   .Register(*registry)),
      errors_(prometheus::BuildCounter()
                  .Name("fairway_store_operation_errors_total")
                  .Help("Operations of the stores that failed, by kind of error")
                  .Register(*registry)) {}

OperationMetrics StoreMetrics::ForOperation(absl::string_view name) {
  static_assert(kErrorNames.size() == OperationMetrics::kErrorCount);
  std::map<std::string, std::string> labels = {{"operation", std::string(name)}};
  OperationMetrics metrics;
  metrics.clock_ = clock_;
  metrics.seconds_ = &seconds_.Add(labels, kSecondsBuckets);
  for (size_t i = 0; i < kErrorNames.size(); ++i) {
    labels["error"] = kErrorNames[i];
    metrics.errors_[i] = &errors_.Add(labels);
  }
  return metrics;
}

}  // namespace fairway
