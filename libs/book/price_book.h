#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

#include "libs/base/deadline.h"
#include "libs/base/pace.h"
#include "libs/book/day_totals.h"
#include "libs/book/lane_prices.h"
#include "libs/book/pair_table.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// All prices of one version in memory: by lane, and, because a pair of regions has many lanes,
// totals for every pair of regions. Immutable; books of following versions share what did not
// change. Made by PriceBookBuilder.
//
// Averages of region pairs cost the days of the range; everything else costs the lanes there are
// between the two places. No call waits for anything, and each ends soon after its deadline or the
// cancellation.
class PriceBook final : public RateSnapshot {
 public:
  // No location, no price; of no history.
  PriceBook() : locations_(std::make_shared<const LocationTree>()) {}

  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return *locations_; }
  const std::shared_ptr<const LocationTree>& shared_locations() const { return locations_; }
  std::optional<absl::Time> commit_time() const { return commit_time_; }
  int64_t price_count() const { return price_count_; }
  int64_t lane_count() const { return lane_count_; }
  // Bytes of memory that the prices, totals and locations take.
  int64_t byte_count() const { return lane_bytes_ + total_bytes_ + locations_->byte_count(); }
  // Bytes of the book before it that it does not share: what that one alone keeps alive, about.
  int64_t superseded_bytes() const { return superseded_bytes_; }

  std::shared_ptr<const void> lease() const override { return leases_; }
  bool is_leased() const { return leases_.use_count() > 1; }

  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& deadline) const override;
  ReadingSize EstimateReading(const RateQuery& query) const override;
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& deadline) const override;

 private:
  friend class PriceBookBuilder;

  // All lanes from one of some ports to one of others, which ascend, and what days are wanted.
  struct LanesBetween {
    absl::Span<const PortId> origins;
    absl::Span<const PortId> destinations;
    const DayRange& days;
  };
  absl::Status VisitLanes(const LanesBetween& between, Pace& pace,
                          absl::FunctionRef<void(const LanePrices&)> visit) const;
  // Prices of one lane ascend within a day, so nothing has to be gathered.
  absl::Status ReadLane(const Lane& lane, const RateQuery& query, Pace& pace,
                        DailyRates& rates) const;
  absl::Status FindPercentiles(const LanesBetween& between, int64_t min_price_count, Pace& pace,
                               DailyRates& rates) const;
  // Of two regions; null when either is a port, or unknown.
  const DayTotals* FindTotals(const RateQuery& query) const;
  // At most.
  int64_t CountLanes(const LanesBetween& between) const;
  // Counts the first of the lanes, and takes the others to be like them.
  ReadingSize EstimateLanes(const LanesBetween& between) const;

  VersionId version_;
  std::optional<absl::Time> commit_time_;
  std::shared_ptr<const LocationTree> locations_;
  PairTable<LanePrices> lanes_;  // By port.
  PairTable<DayTotals> totals_;  // By LocationTree::RegionNumber.
  DayTotals no_totals_;          // Of regions without prices.
  int64_t price_count_ = 0;
  int64_t lane_count_ = 0;
  int64_t lane_bytes_ = 0;
  int64_t total_bytes_ = 0;
  int64_t superseded_bytes_ = 0;
  std::shared_ptr<const bool> leases_ = std::make_shared<const bool>();
};

}  // namespace fairway
