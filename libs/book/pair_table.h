#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "libs/base/status_macros.h"

namespace fairway {

// A map from pairs of small numbers to shared, immutable values, in rows by the first number. A
// copy shares all rows, so a changed table costs the rows that changed and one pointer for each
// other one. Rows and entries ascend. Reading is thread-safe.
template <typename Value>
class PairTable {
 public:
  struct Entry {
    int32_t second;
    std::shared_ptr<const Value> value;
  };
  using Row = std::vector<Entry>;
  struct NumberedRow {
    int32_t first;
    std::shared_ptr<const Row> row;
  };

  const std::vector<NumberedRow>& rows() const { return rows_; }

  // Null when there is none.
  const Row* FindRow(int32_t first) const {
    const auto found = std::lower_bound(rows_.begin(), rows_.end(), first, RowIsBefore);
    return found != rows_.end() && found->first == first ? found->row.get() : nullptr;
  }
  static std::shared_ptr<const Value> FindIn(const Row& row, int32_t second) {
    const Entry* entry = FindEntry(row, second);
    return entry == nullptr ? nullptr : entry->value;
  }
  std::shared_ptr<const Value> Find(int32_t first, int32_t second) const {
    const Row* row = FindRow(first);
    return row == nullptr ? nullptr : FindIn(*row, second);
  }
  // The same, for as long as the table.
  const Value* Peek(int32_t first, int32_t second) const {
    const Row* row = FindRow(first);
    const Entry* entry = row == nullptr ? nullptr : FindEntry(*row, second);
    return entry == nullptr ? nullptr : entry->value.get();
  }

  // Calls visit(value) -> absl::Status for the entries that are among `seconds`, which ascend. The
  // first error ends it.
  template <typename Visit>
  static absl::Status VisitIn(const Row& row, absl::Span<const int32_t> seconds, Visit visit) {
    auto entry = row.begin();
    for (const int32_t second : seconds) {
      entry = AdvanceTo(entry, row.end(), second);
      if (entry == row.end()) break;
      if (entry->second == second) RETURN_IF_ERROR(visit(*entry->value));
    }
    return absl::OkStatus();
  }

  // Sets the entries of `changes`, which ascend, in row `first`; a null value removes its entry.
  void Update(int32_t first, Row changes) {
    auto found = std::lower_bound(rows_.begin(), rows_.end(), first, RowIsBefore);
    if (found == rows_.end() || found->first != first) {
      found = rows_.insert(found, {first, std::make_shared<const Row>()});
    }
    Row merged = Merge(*found->row, std::move(changes));
    if (merged.empty()) {
      rows_.erase(found);
    } else {
      found->row = std::make_shared<const Row>(std::move(merged));
    }
  }

 private:
  static bool RowIsBefore(const NumberedRow& row, int32_t first) { return row.first < first; }
  static bool EntryIsBefore(const Entry& entry, int32_t second) { return entry.second < second; }

  // Null when there is none.
  static const Entry* FindEntry(const Row& row, int32_t second) {
    const auto found = std::lower_bound(row.begin(), row.end(), second, EntryIsBefore);
    return found != row.end() && found->second == second ? &*found : nullptr;
  }

  // The first entry from `entry` on that is not before `second`. Mostly it is near: the steps
  // double until it is passed.
  static typename Row::const_iterator AdvanceTo(typename Row::const_iterator entry,
                                                typename Row::const_iterator end, int32_t second) {
    for (std::ptrdiff_t step = 1; entry != end && entry->second < second; step *= 2) {
      const auto next = entry + std::min(step, end - entry);
      if (next == end || next->second >= second) {
        return std::lower_bound(entry + 1, next, second, EntryIsBefore);
      }
      entry = next;
    }
    return entry;
  }

  static Row Merge(const Row& old, Row changes) {
    Row merged;
    merged.reserve(old.size() + changes.size());
    auto next = old.begin();
    for (Entry& change : changes) {
      while (next != old.end() && next->second < change.second) merged.push_back(*next++);
      if (next != old.end() && next->second == change.second) ++next;
      if (change.value != nullptr) merged.push_back(std::move(change));
    }
    merged.insert(merged.end(), next, old.end());
    merged.shrink_to_fit();
    return merged;
  }

  std::vector<NumberedRow> rows_;
};

}  // namespace fairway
