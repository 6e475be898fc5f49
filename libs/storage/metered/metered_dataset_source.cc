#include "libs/storage/metered/metered_dataset_source.h"

#include <utility>

namespace fairway {
namespace {

// The time that the sink takes is part of a reading.
class MeteredSeriesReader final : public SeriesReader {
 public:
  MeteredSeriesReader(std::unique_ptr<SeriesReader> reader,
                      const MeteredDatasetSource::ReaderMetrics& metrics)
      : reader_(std::move(reader)), metrics_(metrics) {}

  absl::Status ReadBatch(int64_t batch, const OriginRange& origins, SeriesSink sink) override {
    return metrics_.read_batch.Measure([&] { return reader_->ReadBatch(batch, origins, sink); });
  }
  absl::Status ReadOrigin(DatasetVersion version, PortId origin, SeriesSink sink) override {
    return metrics_.read_origin.Measure([&] { return reader_->ReadOrigin(version, origin, sink); });
  }

 private:
  const std::unique_ptr<SeriesReader> reader_;
  const MeteredDatasetSource::ReaderMetrics metrics_;
};

}  // namespace

MeteredDatasetSource::MeteredDatasetSource(DatasetSource* source, StoreMetrics* metrics)
    : source_(*source),
      read_state_(metrics->ForOperation("read_state")),
      read_changes_(metrics->ForOperation("read_changes")),
      open_reader_(metrics->ForOperation("open_series_reader")),
      reader_({.read_batch = metrics->ForOperation("read_batch_series"),
               .read_origin = metrics->ForOperation("read_origin_series")}) {}

absl::StatusOr<DatasetState> MeteredDatasetSource::ReadState(const Deadline& deadline) {
  return read_state_.Measure([&] { return source_.ReadState(deadline); });
}

absl::StatusOr<DatasetChanges> MeteredDatasetSource::ReadChanges(const VersionId& after,
                                                                 bool tree_alone,
                                                                 const Deadline& deadline) {
  return read_changes_.Measure([&] { return source_.ReadChanges(after, tree_alone, deadline); });
}

absl::StatusOr<std::unique_ptr<SeriesReader>> MeteredDatasetSource::OpenReader(
    const VersionId& version, const Deadline& deadline) {
  auto reader = open_reader_.Measure([&] { return source_.OpenReader(version, deadline); });
  if (!reader.ok()) return reader.status();
  return std::make_unique<MeteredSeriesReader>(*std::move(reader), reader_);
}

}  // namespace fairway
