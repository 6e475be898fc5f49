#include "libs/storage/testing/memory_rate_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/series/percentiles.h"
#include "libs/storage/check_reached.h"

namespace fairway::testing {
namespace {

bool Contains(absl::Span<const PortId> ids, PortId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// A copy of all that a version shows.
class MemoryRateSnapshot final : public RateSnapshot {
 public:
  MemoryRateSnapshot(const VersionId& version, std::shared_ptr<const LocationTree> locations,
                     std::vector<StoredPrice> prices)
      : version_(version), locations_(std::move(locations)), prices_(std::move(prices)) {}

  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return *locations_; }

  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& /*deadline*/) const override {
    ASSIGN_OR_RETURN(const auto origins, locations_->PortsOf(query.origin));
    ASSIGN_OR_RETURN(const auto destinations, locations_->PortsOf(query.destination));
    DailyRates rates{.version = version_, .days = EmptyDailyRates(query.days)};
    std::vector<std::vector<Price>> by_day(rates.days.size());
    for (const StoredPrice& price : prices_) {
      if (!query.days.Contains(price.day) || !Contains(origins, price.lane.origin) ||
          !Contains(destinations, price.lane.destination)) {
        continue;
      }
      const auto i = static_cast<size_t>((price.day - query.days.first).count());
      ++rates.days[i].price_count;
      rates.days[i].price_sum += price.price;
      by_day[i].push_back(price.price);
    }
    if (!query.with_percentiles) return rates;
    rates.percentiles.assign(rates.days.size(), {});
    for (size_t i = 0; i < by_day.size(); ++i) {
      if (rates.days[i].price_count < query.min_price_count) continue;
      std::sort(by_day[i].begin(), by_day[i].end());
      rates.percentiles[i] = PercentilesOf(by_day[i]);
    }
    return rates;
  }

  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& /*deadline*/) const override {
    std::set<Lane> lanes;
    for (const StoredPrice& price : prices_) {
      if (!after || price.lane > *after) lanes.insert(price.lane);
    }
    std::vector<Lane> page(lanes.begin(), lanes.end());
    if (page.size() > static_cast<size_t>(limit)) page.resize(static_cast<size_t>(limit));
    return page;
  }

 private:
  const VersionId version_;
  const std::shared_ptr<const LocationTree> locations_;
  const std::vector<StoredPrice> prices_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const RateSnapshot>> MemoryRateReader::Snapshot(
    const Consistency& consistency, const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  VersionId version;
  if (const auto* at_least = std::get_if<AtLeast>(&consistency)) version = at_least->version;
  if (const auto* exactly = std::get_if<Exactly>(&consistency)) version = exactly->version;
  RETURN_IF_ERROR(CheckReached(version, dataset_->content.version));
  if (version.identity != 0 && !dataset_->content.Contains(version)) {
    return VersionOfLostHistoryError(version.number);
  }
  version.identity = dataset_->content.IdentityOf(version.number);
  if (!std::holds_alternative<Exactly>(consistency)) version = dataset_->content.version;
  std::vector<StoredPrice> prices;
  for (const auto& [key, attempt] : dataset_->content.batches) {
    if (!IsVisible(attempt.record, version.number)) continue;
    prices.insert(prices.end(), attempt.prices.begin(), attempt.prices.end());
  }
  return std::make_shared<MemoryRateSnapshot>(version, dataset_->content.tree, std::move(prices));
}

absl::StatusOr<DatasetSummary> MemoryRateReader::ReadDataset(const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  DatasetSummary summary{
      .newest_version = dataset_->content.version,
      .newest_commit_time = dataset_->content.commit_time,
      .held_version = dataset_->content.version,
      .port_count = static_cast<int64_t>(dataset_->content.tree->ports().size()),
      .region_count = static_cast<int64_t>(dataset_->content.tree->regions().size()),
      .engine = "memory"};
  std::set<Lane> lanes;
  for (const auto& [key, attempt] : dataset_->content.batches) {
    if (attempt.record.state != BatchState::kCommitted) continue;
    for (const StoredPrice& price : attempt.prices) lanes.insert(price.lane);
    summary.price_count += static_cast<int64_t>(attempt.prices.size());
  }
  summary.lane_count = static_cast<int64_t>(lanes.size());
  return summary;
}

}  // namespace fairway::testing
