#include "libs/book/price_book_builder.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/series/sum_prices.h"

namespace fairway {
namespace {

// What a table keeps per entry besides its value.
constexpr int64_t kEntryBytes = sizeof(PairTable<LanePrices>::Entry);
constexpr int64_t kPairBytes = DayTotals::kFixedBytes + kEntryBytes;

int64_t BytesOf(const LanePrices* lane) {
  return lane == nullptr ? 0 : lane->byte_count() + kEntryBytes;
}

int LevelOf(const LocationTree& tree, LocationTree::RegionNumber region) {
  int level = 0;
  for (auto above = tree.ParentOf(region); above; above = tree.ParentOf(*above)) ++level;
  return level;
}

}  // namespace

PriceBookBuilder::PriceBookBuilder(std::shared_ptr<const PriceBook> base,
                                   std::shared_ptr<const LocationTree> locations,
                                   BookBudget* budget)
    : base_(std::move(base)),
      locations_(std::move(locations)),
      budget_(*budget),
      tree_changed_(base_->price_count() > 0 && base_->shared_locations() != locations_ &&
                    !base_->locations().HasShapeOf(*locations_)),
      price_count_(base_->price_count()),
      lane_count_(base_->lane_count()),
      lane_bytes_(base_->lane_bytes_) {}

absl::Status PriceBookBuilder::Add(const Series& series) {
  RETURN_IF_ERROR(TurnTo(series.lane));
  changes_.Add(series);
  price_count_ += static_cast<int64_t>(series.prices.size());
  CountTotals(series, 1);
  return absl::OkStatus();
}

absl::Status PriceBookBuilder::Remove(const Series& series) {
  RETURN_IF_ERROR(TurnTo(series.lane));
  changes_.Remove(series);
  price_count_ -= static_cast<int64_t>(series.prices.size());
  CountTotals(series, -1);
  return absl::OkStatus();
}

absl::Status PriceBookBuilder::TurnTo(const Lane& lane) {
  if (lane_ == lane) return absl::OkStatus();
  RETURN_IF_ERROR(FlushLane());
  ASSIGN_OR_RETURN(lane_totals_, TotalsOf(lane));
  lane_ = lane;
  return absl::OkStatus();
}

void PriceBookBuilder::CountTotals(const Series& series, int sign) {
  const size_t size = series.prices.size();
  for (size_t begin = 0; begin < size;) {
    const int32_t day = series.day_numbers[begin];
    size_t end = begin + 1;
    while (end < size && series.day_numbers[end] == day) ++end;
    const absl::Span<const Price> prices = series.prices.subspan(begin, end - begin);
    lane_totals_->Add(day, sign * static_cast<int64_t>(prices.size()), sign * SumPrices(prices),
                      budget_);
    begin = end;
  }
}

absl::Status PriceBookBuilder::FlushLane() {
  if (!lane_ || changes_.empty()) return absl::OkStatus();
  auto [staged, is_new] = lanes_.try_emplace(*lane_);
  if (is_new) {
    staged->second = base_->lanes_.Find(lane_->origin, lane_->destination);
    superseded_bytes_ += BytesOf(staged->second.get());
  }
  const std::shared_ptr<const LanePrices> before = std::move(staged->second);
  ASSIGN_OR_RETURN(staged->second, LanePrices::Apply(before.get(), changes_));
  changes_.Clear();
  lane_count_ += (staged->second != nullptr) - (before != nullptr);
  const int64_t bytes = BytesOf(staged->second.get());
  lane_bytes_ += bytes - BytesOf(before.get());
  // What the base holds stays beside it.
  budget_.Take(is_new ? bytes : bytes - BytesOf(before.get()));
  if (budget_.is_exceeded()) staged->second = nullptr;
  return absl::OkStatus();
}

absl::Status PriceBookBuilder::Absorb(PriceBookBuilder other) {
  RETURN_IF_ERROR(FlushLane());
  RETURN_IF_ERROR(other.FlushLane());
  lanes_.merge(other.lanes_);
  for (auto& [regions, changes] : other.totals_) {
    const auto [totals, is_new] = totals_.try_emplace(regions);
    if (!is_new) budget_.Take(-kPairBytes);
    totals->second.Absorb(std::move(changes), budget_);
  }
  lane_totals_ = nullptr;  // The table has moved.
  lane_.reset();
  price_count_ += other.price_count_ - base_->price_count();
  lane_count_ += other.lane_count_ - base_->lane_count();
  lane_bytes_ += other.lane_bytes_ - base_->lane_bytes_;
  superseded_bytes_ += other.superseded_bytes_;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PriceBook>> PriceBookBuilder::Finish(
    const VersionId& version, std::optional<absl::Time> commit_time) {
  RETURN_IF_ERROR(FlushLane());
  auto book = std::make_shared<PriceBook>(*base_);
  book->version_ = version;
  book->leases_ = std::make_shared<const bool>();  // Those of the base are not its own.
  book->commit_time_ = commit_time;
  book->locations_ = locations_;
  book->price_count_ = price_count_;
  book->lane_count_ = lane_count_;
  book->lane_bytes_ = lane_bytes_;
  WriteLanes(*book);
  if (tree_changed_) RETURN_IF_ERROR(RecountTotals(*book));
  WriteTotals(*book);
  if (base_->shared_locations() != locations_) superseded_bytes_ += base_->locations().byte_count();
  book->superseded_bytes_ = superseded_bytes_;
  if (budget_.is_exceeded()) return budget_.Refusal(version.number);
  return book;
}

void PriceBookBuilder::WriteLanes(PriceBook& book) const {
  std::map<PortId, PairTable<LanePrices>::Row> rows;
  for (const auto& [lane, prices] : lanes_) rows[lane.origin].push_back({lane.destination, prices});
  for (auto& [origin, row] : rows) {
    std::sort(row.begin(), row.end(),
              [](const auto& a, const auto& b) { return a.second < b.second; });
    book.lanes_.Update(origin, std::move(row));
  }
}

absl::StatusOr<DayTotalChanges*> PriceBookBuilder::TotalsOf(const Lane& lane) {
  const auto origin = locations_->RegionOfPort(lane.origin);
  const auto destination = locations_->RegionOfPort(lane.destination);
  if (!origin || !destination) {
    return absl::DataLossError(absl::StrCat("prices for the ports ", lane.origin, " and ",
                                            lane.destination, ", which are not in the tree"));
  }
  const auto [totals, is_new] = totals_.try_emplace({*origin, *destination});
  if (is_new) budget_.Take(kPairBytes);
  return &totals->second;
}

// The numbers of regions have another meaning now.
absl::Status PriceBookBuilder::RecountTotals(const PriceBook& book) {
  for (const auto& [regions, changes] : totals_) budget_.Take(-kPairBytes - changes.byte_count());
  totals_.clear();
  for (const auto& [origin, row] : book.lanes_.rows()) {
    for (const auto& [destination, lane] : *row) {
      ASSIGN_OR_RETURN(DayTotalChanges* const totals, TotalsOf({origin, destination}));
      lane->VisitDays({kDayMin, kDayMax}, [&](int32_t day_number, absl::Span<const Price> prices) {
        totals->Add(day_number, static_cast<int64_t>(prices.size()), SumPrices(prices), budget_);
      });
    }
  }
  return absl::OkStatus();
}

// A price counts for every pair of regions its two ports lie in, at any depth. Rows of the book are
// made one after the other, those of the roots first: what is counted by the regions of the ports
// themselves is needed last for its own row, and moves there.
void PriceBookBuilder::WriteTotals(PriceBook& book) {
  if (tree_changed_) {
    superseded_bytes_ += book.total_bytes_;
    book.totals_ = {};
    book.total_bytes_ = 0;
  }
  std::map<RegionNumber, std::vector<CountedPair*>> below;
  for (CountedPair& pair : totals_) {
    for (std::optional<RegionNumber> origin = pair.first.first; origin;
         origin = locations_->ParentOf(*origin)) {
      below[*origin].push_back(&pair);
    }
  }
  std::vector<std::pair<int, RegionNumber>> origins;
  for (const auto& [origin, pairs] : below)
    origins.emplace_back(LevelOf(*locations_, origin), origin);
  std::sort(origins.begin(), origins.end());
  for (const auto& [level, origin] : origins) {
    TotalsRow row = RollUp(origin, below.at(origin));
    if (budget_.is_hopeless()) return;
    if (!budget_.is_exceeded()) WriteRow(origin, std::move(row), book);
  }
}

PriceBookBuilder::TotalsRow PriceBookBuilder::RollUp(RegionNumber origin,
                                                     absl::Span<CountedPair* const> below) {
  TotalsRow row;
  for (const CountedPair* pair : below) {
    if (budget_.is_hopeless()) return row;
    const auto [from, to] = pair->first;
    for (std::optional<RegionNumber> destination = from == origin ? locations_->ParentOf(to) : to;
         destination; destination = locations_->ParentOf(*destination)) {
      const auto [totals, is_new] = row.try_emplace(*destination);
      if (is_new) budget_.Take(kPairBytes);
      totals->second.Add(pair->second, budget_);
    }
  }
  for (CountedPair* const pair : below) {
    if (pair->first.first != origin) continue;
    const auto [totals, is_new] = row.try_emplace(pair->first.second);
    if (!is_new) budget_.Take(-kPairBytes);
    totals->second.Absorb(std::move(pair->second), budget_);
  }
  return row;
}

void PriceBookBuilder::WriteRow(RegionNumber origin, TotalsRow&& row, PriceBook& book) {
  PairTable<DayTotals>::Row changes;
  for (auto& [destination, total_changes] : row) {
    const auto before = book.totals_.Find(origin, destination);
    const int64_t changed_bytes = total_changes.byte_count();
    auto after = DayTotals::Apply(before.get(), std::move(total_changes));
    book.total_bytes_ += after->byte_count() + kEntryBytes;
    if (before != nullptr) {
      book.total_bytes_ -= before->byte_count() + kEntryBytes;
      superseded_bytes_ += std::min(before->byte_count(), changed_bytes + kPairBytes);
    }
    changes.push_back({destination, std::move(after)});
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  book.totals_.Update(origin, std::move(changes));
}

}  // namespace fairway
