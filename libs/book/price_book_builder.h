#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "libs/book/book_budget.h"
#include "libs/book/price_book.h"
#include "libs/series/series_run.h"

namespace fairway {

// Makes the book of a version from the one before it and the series that came and went. Costs the
// lanes that are touched. One thread at a time; several builders over the same base may
// gather different lanes side by side and be put together.
class PriceBookBuilder {
 public:
  // Borrows `budget`, and takes from it what it makes anew. Once that is exceeded, it goes on
  // counting what the book needs and drops the prices, which then must come lane by lane.
  PriceBookBuilder(std::shared_ptr<const PriceBook> base,
                   std::shared_ptr<const LocationTree> locations, BookBudget* budget);

  // Fastest when the series of a lane follow each other. DATA_LOSS for a port that is not in the
  // tree, and when prices are removed that are not there; also as late as in Finish().
  absl::Status Add(const Series& series);
  absl::Status Remove(const Series& series);

  // Takes over what `other` gathered, over the same base and for other lanes.
  absl::Status Absorb(PriceBookBuilder other);

  // That another book goes, which takes so much.
  void Supersede(int64_t bytes) { superseded_bytes_ += bytes; }

  // The errors of Add(); RESOURCE_EXHAUSTED beyond the budget. The builder is used up.
  absl::StatusOr<std::shared_ptr<const PriceBook>> Finish(const VersionId& version,
                                                          std::optional<absl::Time> commit_time);

 private:
  using RegionNumber = LocationTree::RegionNumber;
  using RegionPair = std::pair<RegionNumber, RegionNumber>;
  using TotalChanges = absl::flat_hash_map<RegionPair, DayTotalChanges>;
  using CountedPair = TotalChanges::value_type;
  // Of one region of origin, by destination.
  using TotalsRow = absl::flat_hash_map<RegionNumber, DayTotalChanges>;

  absl::Status TurnTo(const Lane& lane);
  absl::Status FlushLane();
  void CountTotals(const Series& series, int sign);
  void WriteLanes(PriceBook& book) const;
  absl::Status RecountTotals(const PriceBook& book);
  void WriteTotals(PriceBook& book);
  // `below`: what was counted for the origin and the regions in it.
  TotalsRow RollUp(RegionNumber origin, absl::Span<CountedPair* const> below);
  void WriteRow(RegionNumber origin, TotalsRow&& row, PriceBook& book);
  // The changes of the totals of the two regions that the ports of the lane lie in. DATA_LOSS for a
  // port that is not in the tree.
  absl::StatusOr<DayTotalChanges*> TotalsOf(const Lane& lane);

  std::shared_ptr<const PriceBook> base_;
  std::shared_ptr<const LocationTree> locations_;
  BookBudget& budget_;
  bool tree_changed_;  // Its shape, under a book with prices: all totals are counted anew.

  std::optional<Lane> lane_;  // That changes_ belongs to.
  LaneChanges changes_;
  DayTotalChanges* lane_totals_ = nullptr;
  absl::flat_hash_map<Lane, std::shared_ptr<const LanePrices>> lanes_;  // Null: nothing left.
  TotalChanges totals_;  // By the regions the two ports lie in.
  int64_t price_count_ = 0;
  int64_t lane_count_ = 0;
  int64_t lane_bytes_ = 0;
  int64_t superseded_bytes_ = 0;
};

}  // namespace fairway
