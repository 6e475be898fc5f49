#pragma once

#include <atomic>
#include <memory>

#include "libs/domain/errors.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/location_store.h"
#include "libs/storage/rate_reader.h"

// Stores whose database is away while `is_away` says so. Each borrows what it stands before.
namespace fairway::query {

class RatesWithOutage final : public RateReader {
 public:
  // What is held is late, too, while `is_late` (null: never) says so.
  RatesWithOutage(RateReader* rates, const std::atomic<bool>* is_away,
                  const std::atomic<bool>* is_late = nullptr)
      : rates_(*rates), is_away_(*is_away), is_late_(is_late) {}

  std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency& consistency) override {
    return rates_.TrySnapshot(consistency);
  }
  absl::Duration Lag() const override {
    const bool is_late = is_away_ || (is_late_ != nullptr && *is_late_);
    return is_late ? absl::Seconds(7) : rates_.Lag();
  }
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency& consistency,
                                                               const Deadline& deadline) override {
    if (is_away_) return DatabaseUnavailableError("a test");
    return rates_.Snapshot(consistency, deadline);
  }
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override {
    if (is_away_) return DatabaseUnavailableError("a test");
    return rates_.ReadDataset(deadline);
  }

 private:
  RateReader& rates_;
  const std::atomic<bool>& is_away_;
  const std::atomic<bool>* const is_late_;
};

class LocationsWithOutage final : public LocationReader {
 public:
  LocationsWithOutage(LocationReader* locations, const std::atomic<bool>* is_away)
      : locations_(*locations), is_away_(*is_away) {}

  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline& deadline) override {
    if (is_away_) return DatabaseUnavailableError("a test");
    return locations_.ReadTree(deadline);
  }

 private:
  LocationReader& locations_;
  const std::atomic<bool>& is_away_;
};

class CommitsWithOutage final : public CommitLog {
 public:
  CommitsWithOutage(CommitLog* commits, const std::atomic<bool>* is_away)
      : commits_(*commits), is_away_(*is_away) {}

  absl::StatusOr<CommitPage> ReadCommits(const VersionId& after, DatasetVersion last, int limit,
                                         const Deadline& deadline) override {
    if (is_away_) return DatabaseUnavailableError("a test");
    return commits_.ReadCommits(after, last, limit, deadline);
  }

 private:
  CommitLog& commits_;
  const std::atomic<bool>& is_away_;
};

}  // namespace fairway::query
