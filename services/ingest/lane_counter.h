#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/container/flat_hash_set.h"

#include "libs/domain/price.h"

namespace fairway::ingest {

// Counts different lanes as far as that takes little memory. One thread.
class LaneCounter {
 public:
  // More lanes than a busy month of the world has; they take 5 MB.
  static constexpr size_t kLanesMax = size_t{1} << 18;

  void Add(const Lane& lane) {
    if (!gave_up_) lanes_.insert(lane);
    if (lanes_.size() > kLanesMax) GiveUp();
  }

  // Exact; nothing when there were more than kLanesMax.
  std::optional<int64_t> count() const {
    if (gave_up_) return std::nullopt;
    return static_cast<int64_t>(lanes_.size());
  }

 private:
  void GiveUp() {
    gave_up_ = true;
    absl::flat_hash_set<Lane>().swap(lanes_);
  }

  absl::flat_hash_set<Lane> lanes_;
  bool gave_up_ = false;
};

}  // namespace fairway::ingest
