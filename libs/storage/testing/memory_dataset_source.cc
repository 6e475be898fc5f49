#include "libs/storage/testing/memory_dataset_source.h"

#include <map>
#include <tuple>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/series/series_run_builder.h"

namespace fairway::testing {
namespace {

class MemorySeriesReader final : public SeriesReader {
 public:
  explicit MemorySeriesReader(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::Status ReadBatch(int64_t batch, const OriginRange& origins, SeriesSink sink) override {
    return Give(sink, [&](const MemoryDatasetContent::Attempt& attempt, const StoredPrice& price) {
      return attempt.id == batch && price.lane.origin >= origins.first &&
             price.lane.origin <= origins.last;
    });
  }
  absl::Status ReadOrigin(DatasetVersion version, PortId origin, SeriesSink sink) override {
    return Give(sink, [&](const MemoryDatasetContent::Attempt& attempt, const StoredPrice& price) {
      return price.lane.origin == origin && IsVisible(attempt.record, version);
    });
  }

 private:
  template <typename Wanted>
  absl::Status Give(SeriesSink sink, Wanted wanted) {
    // As in a database, a series is of one batch.
    std::map<std::tuple<PortId, PortId, int64_t>, SeriesRunBuilder> builders;
    {
      const std::lock_guard lock(dataset_->mutex);
      for (const auto& [key, attempt] : dataset_->content.batches) {
        for (const StoredPrice& price : attempt.prices) {
          if (!wanted(attempt, price)) continue;
          builders[{price.lane.origin, price.lane.destination, attempt.id}].Add(
              price.lane, price.day, price.price);
        }
      }
    }
    for (auto& [key, builder] : builders) {
      SeriesRun run;
      builder.TakeInto(run);
      for (size_t i = 0; i < run.series_count(); ++i) RETURN_IF_ERROR(sink(run.series(i)));
    }
    return absl::OkStatus();
  }

  MemoryDataset* const dataset_;
};

}  // namespace

absl::Status MemoryDatasetSource::CheckAvailable() const {
  return available_ ? absl::OkStatus() : DatabaseUnavailableError("switched off");
}

DatasetState MemoryDatasetSource::State() const {
  const MemoryDatasetContent& content = dataset_->content;
  return {
      .version = content.version, .commit_time = content.commit_time, .locations = content.tree};
}

absl::StatusOr<DatasetState> MemoryDatasetSource::ReadState(const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  RETURN_IF_ERROR(CheckAvailable());
  awaited_ = dataset_->content.version;
  return State();
}

absl::StatusOr<DatasetChanges> MemoryDatasetSource::ReadChanges(const VersionId& after,
                                                                bool tree_alone,
                                                                const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  RETURN_IF_ERROR(CheckAvailable());
  DatasetChanges changes{.state = State()};
  const VersionId& newest = dataset_->content.version;
  awaited_ = newest;
  if (newest == after) return changes;
  changes.continues = after.number < newest.number && dataset_->content.Contains(after);
  if (!changes.continues) return changes;
  for (const auto& [key, attempt] : dataset_->content.batches) {
    const bool was_visible = IsVisible(attempt.record, after.number);
    const bool is_visible = IsVisible(attempt.record, newest.number);
    if (is_visible && !was_visible) changes.added_batches.push_back(attempt.id);
    if (was_visible && !is_visible) changes.removed_batches.push_back(attempt.id);
    if (is_visible != was_visible) {
      changes.price_count += static_cast<int64_t>(attempt.prices.size());
    }
  }
  if (!tree_alone && !changes.has_batches()) changes.state.locations = nullptr;
  return changes;
}

absl::StatusOr<std::unique_ptr<SeriesReader>> MemoryDatasetSource::OpenReader(
    const VersionId& version, const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  RETURN_IF_ERROR(CheckAvailable());
  if (!dataset_->content.Contains(version)) return VersionOfLostHistoryError(version.number);
  ++readers_opened_;
  return std::make_unique<MemorySeriesReader>(dataset_);
}

absl::Status MemoryDatasetSource::AwaitCommit(const Deadline& deadline) {
  std::unique_lock lock(dataset_->mutex);
  RETURN_IF_ERROR(CheckAvailable());
  dataset_->clock->WaitUntil(
      dataset_->changed, lock, deadline,
      [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return dataset_->content.version != awaited_; });
  return absl::OkStatus();
}

int MemoryDatasetSource::readers_opened() const {
  const std::lock_guard lock(dataset_->mutex);
  return readers_opened_;
}

void MemoryDatasetSource::SetAvailable(bool available) {
  const std::lock_guard lock(dataset_->mutex);
  available_ = available;
}

}  // namespace fairway::testing
