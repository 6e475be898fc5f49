#include "libs/book/price_book_builder.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

// What a table keeps per entry besides its value.
constexpr int64_t kEntryBytes = sizeof(PairTable<LanePrices>::Entry);

int64_t BytesOf(const LanePrices* lane) {
  return lane == nullptr ? 0 : lane->byte_count() + kEntryBytes;
}

// The changes of a table, row by row, both numbers ascending.
template <typename Value>
using RowChanges = std::map<int32_t, typename PairTable<Value>::Row>;

template <typename Value>
void UpdateTable(PairTable<Value>& table, RowChanges<Value> changes) {
  for (auto& [first, row] : changes) {
    std::sort(row.begin(), row.end(),
              [](const auto& a, const auto& b) { return a.second < b.second; });
    table.Update(first, std::move(row));
  }
}

}  // namespace

PriceBookBuilder::PriceBookBuilder(std::shared_ptr<const PriceBook> base,
                                   std::shared_ptr<const LocationTree> locations,
                                   BookBudget* budget)
    : base_(std::move(base)),
      locations_(std::move(locations)),
      paths_(std::make_shared<const RegionPaths>(*locations_)),
      budget_(*budget),
      tree_changed_(base_->price_count() > 0 && base_->shared_locations() != locations_),
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
  const auto origin = paths_->RegionOf(lane.origin);
  const auto destination = paths_->RegionOf(lane.destination);
  if (!origin || !destination) {
    return absl::DataLossError(absl::StrCat("prices for the ports ", lane.origin, " and ",
                                            lane.destination, ", which are not in the tree"));
  }
  lane_ = lane;
  lane_totals_ = &totals_[{*origin, *destination}];
  return absl::OkStatus();
}

void PriceBookBuilder::CountTotals(const Series& series, int sign) {
  size_t i = 0;
  while (i < series.prices.size()) {
    const int32_t day = series.day_numbers[i];
    int64_t count = 0;
    int64_t sum = 0;
    for (; i < series.prices.size() && series.day_numbers[i] == day; ++i) {
      ++count;
      sum += series.prices[i];
    }
    lane_totals_->Add(day, sign * count, sign * sum);
  }
}

absl::Status PriceBookBuilder::FlushLane() {
  if (!lane_ || changes_.empty()) return absl::OkStatus();
  auto [staged, is_new] = lanes_.try_emplace(*lane_);
  if (is_new) staged->second = base_->lanes_.Find(lane_->origin, lane_->destination);
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
  for (const auto& [regions, changes] : other.totals_) totals_[regions].Add(changes);
  lane_totals_ = nullptr;  // The table has moved.
  lane_.reset();
  price_count_ += other.price_count_ - base_->price_count();
  lane_count_ += other.lane_count_ - base_->lane_count();
  lane_bytes_ += other.lane_bytes_ - base_->lane_bytes_;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PriceBook>> PriceBookBuilder::Finish(
    const VersionId& version, std::optional<absl::Time> commit_time) {
  RETURN_IF_ERROR(FlushLane());
  auto book = std::make_shared<PriceBook>(*base_);
  book->version_ = version;
  book->commit_time_ = commit_time;
  book->locations_ = locations_;
  book->price_count_ = price_count_;
  book->lane_count_ = lane_count_;
  book->lane_bytes_ = lane_bytes_;
  WriteLanes(*book);
  if (tree_changed_) RecountTotals(*book);
  WriteTotals(*book);
  if (budget_.is_exceeded()) return budget_.Refusal(version.number);
  return book;
}

void PriceBookBuilder::WriteLanes(PriceBook& book) const {
  RowChanges<LanePrices> changes;
  for (const auto& [lane, prices] : lanes_) {
    changes[lane.origin].push_back({lane.destination, prices});
  }
  UpdateTable(book.lanes_, std::move(changes));
}

// The numbers of regions have another meaning now.
void PriceBookBuilder::RecountTotals(const PriceBook& book) {
  totals_.clear();
  for (const auto& [origin, row] : book.lanes_.rows()) {
    for (const auto& [destination, lane] : *row) {
      DayTotalChanges& totals =
          totals_[{*paths_->RegionOf(origin), *paths_->RegionOf(destination)}];
      lane->VisitDays({kDayMin, kDayMax}, [&](int32_t day_number, absl::Span<const Price> prices) {
        int64_t sum = 0;
        for (const Price price : prices) sum += price;
        totals.Add(day_number, static_cast<int64_t>(prices.size()), sum);
      });
    }
  }
}

void PriceBookBuilder::WriteTotals(PriceBook& book) {
  if (tree_changed_) {
    book.totals_ = {};
    book.total_bytes_ = 0;
  }
  RowChanges<DayTotals> changes;
  for (const auto& [regions, total_changes] : RollUp()) {
    const auto before = book.totals_.Find(regions.first, regions.second);
    auto after = DayTotals::Apply(before.get(), total_changes);
    budget_.Take(after->byte_count() + kEntryBytes);
    book.total_bytes_ += after->byte_count() + kEntryBytes;
    if (before != nullptr) book.total_bytes_ -= before->byte_count() + kEntryBytes;
    changes[regions.first].push_back({regions.second, std::move(after)});
  }
  UpdateTable(book.totals_, std::move(changes));
}

// A price counts for every pair of regions its two ports lie in, at any depth.
PriceBookBuilder::TotalChanges PriceBookBuilder::RollUp() const {
  TotalChanges all;
  for (const auto& [regions, changes] : totals_) {
    for (const int32_t origin : paths_->PathOf(regions.first)) {
      for (const int32_t destination : paths_->PathOf(regions.second)) {
        all[{origin, destination}].Add(changes);
      }
    }
  }
  return all;
}

}  // namespace fairway
