#include "libs/storage/metered/metered_rate_reader.h"

#include <utility>

namespace fairway {
namespace {

class MeteredRateSnapshot final : public RateSnapshot {
 public:
  MeteredRateSnapshot(std::shared_ptr<const RateSnapshot> snapshot,
                      const MeteredRateReader::SnapshotMetrics& metrics)
      : snapshot_(std::move(snapshot)), metrics_(metrics) {}

  std::shared_ptr<const void> lease() const override { return snapshot_->lease(); }
  const VersionId& version_id() const override { return snapshot_->version_id(); }
  const LocationTree& locations() const override { return snapshot_->locations(); }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& deadline) const override {
    return metrics_.read_daily_rates.Measure(
        [&] { return snapshot_->ReadDailyRates(query, deadline); });
  }
  ReadingSize EstimateReading(const RateQuery& query) const override {
    return snapshot_->EstimateReading(query);
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& deadline) const override {
    return metrics_.list_lanes.Measure(
        [&] { return snapshot_->ListLanes(after, limit, deadline); });
  }

 private:
  const std::shared_ptr<const RateSnapshot> snapshot_;
  const MeteredRateReader::SnapshotMetrics metrics_;
};

}  // namespace

MeteredRateReader::MeteredRateReader(RateReader* reader, StoreMetrics* metrics)
    : reader_(*reader),
      open_snapshot_(metrics->ForOperation("open_rate_snapshot")),
      read_dataset_(metrics->ForOperation("read_dataset")),
      snapshot_({.read_daily_rates = metrics->ForOperation("read_daily_rates"),
                 .list_lanes = metrics->ForOperation("list_lanes")}) {}

absl::StatusOr<std::shared_ptr<const RateSnapshot>> MeteredRateReader::Snapshot(
    const Consistency& consistency, const Deadline& deadline) {
  auto snapshot = open_snapshot_.Measure([&] { return reader_.Snapshot(consistency, deadline); });
  if (!snapshot.ok()) return snapshot.status();
  return std::make_shared<MeteredRateSnapshot>(*std::move(snapshot), snapshot_);
}

absl::StatusOr<DatasetSummary> MeteredRateReader::ReadDataset(const Deadline& deadline) {
  return read_dataset_.Measure([&] { return reader_.ReadDataset(deadline); });
}

}  // namespace fairway
