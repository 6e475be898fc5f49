#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "libs/storage/rate_reader.h"

namespace fairway::query {

// Passes on what is read from another snapshot, notes the days, and lets a test do something first:
// what it returns is the answer when it is an error. Thread-safe.
class WatchedSnapshot final : public RateSnapshot {
 public:
  using OnRead = std::function<absl::Status(const RateQuery&, const Deadline&)>;
  struct Reading {
    DayRange days;
    std::thread::id thread;
  };

  explicit WatchedSnapshot(
      const RateSnapshot* snapshot,
      OnRead on_read = [](const RateQuery&, const Deadline&) { return absl::OkStatus(); })
      : snapshot_(*snapshot), on_read_(std::move(on_read)) {}

  const VersionId& version_id() const override { return snapshot_.version_id(); }
  const LocationTree& locations() const override { return snapshot_.locations(); }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& deadline) const override {
    {
      const std::lock_guard lock(mutex_);
      readings_.push_back({query.days, std::this_thread::get_id()});
    }
    const absl::Status status = on_read_(query, deadline);
    if (!status.ok()) return status;
    return snapshot_.ReadDailyRates(query, deadline);
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& deadline) const override {
    return snapshot_.ListLanes(after, limit, deadline);
  }
  ReadingSize EstimateReading(const RateQuery& query) const override {
    return {.lanes = lanes_, .prices = 4 * lanes_ * query.days.size()};
  }

  // How many lanes it says that it looks at, with few prices each.
  void SetLanes(int64_t lanes) { lanes_ = lanes; }
  // By their days.
  std::vector<Reading> readings() const {
    const std::lock_guard lock(mutex_);
    std::vector<Reading> sorted = readings_;
    std::sort(sorted.begin(), sorted.end(), [](const Reading& one, const Reading& other) {
      return one.days.first < other.days.first;
    });
    return sorted;
  }

 private:
  const RateSnapshot& snapshot_;
  const OnRead on_read_;
  int64_t lanes_ = 1;
  mutable std::mutex mutex_;
  mutable std::vector<Reading> readings_;
};

}  // namespace fairway::query
