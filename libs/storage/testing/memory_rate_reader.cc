#include "libs/storage/testing/memory_rate_reader.h"

#include <algorithm>
#include <set>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"

namespace fairway::testing {
namespace {

bool Contains(absl::Span<const PortId> ids, PortId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

absl::StatusOr<DailyRates> MemoryRateReader::ReadDailyRates(const RateQuery& query,
                                                            absl::Time /*deadline*/) {
  absl::MutexLock lock(&dataset_->mutex);
  if (dataset_->version < query.at_least) {
    return VersionNotYetVisibleError(query.at_least, dataset_->version);
  }
  ASSIGN_OR_RETURN(const auto origins, dataset_->tree->PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, dataset_->tree->PortsOf(query.destination));
  DailyRates rates{.version = dataset_->version};
  for (int i = 0; i < query.days.size(); ++i) {
    rates.days.push_back({.day = query.days.first + std::chrono::days(i)});
  }
  for (const auto& [key, attempt] : dataset_->batches) {
    if (attempt.record.state != BatchState::kCommitted) continue;
    for (const StoredPrice& price : attempt.prices) {
      if (!query.days.Contains(price.day) || !Contains(origins, price.lane.origin) ||
          !Contains(destinations, price.lane.destination)) {
        continue;
      }
      DailyRate& rate = rates.days[static_cast<size_t>((price.day - query.days.first).count())];
      ++rate.price_count;
      rate.price_sum += price.price;
    }
  }
  return rates;
}

absl::StatusOr<DatasetSummary> MemoryRateReader::ReadDataset(absl::Time /*deadline*/) {
  absl::MutexLock lock(&dataset_->mutex);
  DatasetSummary summary{.newest_version = dataset_->version,
                         .newest_commit_time = dataset_->commit_time,
                         .held_version = dataset_->version,
                         .port_count = static_cast<int64_t>(dataset_->tree->ports().size()),
                         .region_count = static_cast<int64_t>(dataset_->tree->regions().size()),
                         .engine = "memory"};
  std::set<Lane> lanes;
  for (const auto& [key, attempt] : dataset_->batches) {
    if (attempt.record.state != BatchState::kCommitted) continue;
    for (const StoredPrice& price : attempt.prices) lanes.insert(price.lane);
    summary.price_count += static_cast<int64_t>(attempt.prices.size());
  }
  summary.lane_count = static_cast<int64_t>(lanes.size());
  return summary;
}

}  // namespace fairway::testing
