#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/domain/batch.h"
#include "libs/domain/location_tree.h"
#include "libs/series/digest.h"
#include "libs/series/series_run_builder.h"
#include "services/ingest/row_error_collector.h"
#include "services/ingest/upload_chunk.h"

namespace fairway::ingest {

// Takes the sorted parts of a batch.
class RunSink {
 public:
  virtual ~RunSink() = default;
  // Empties `builder`. An error ends the upload.
  virtual absl::Status Take(SeriesRunBuilder& builder) = 0;
};

// Looks at every row of a batch: is it valid, what does it add to the digest, and where does it go.
// From the first bad row on nothing goes to the sink any more, but all rows are still looked at: a
// partner learns of all mistakes at once. Memory does not grow with the batch. Not thread-safe.
class BatchIntake {
 public:
  // Without a `sink` rows are only checked and digested.
  BatchIntake(std::shared_ptr<const LocationTree> tree, RunSink* sink);

  // INVALID_REQUEST for a chunk that makes no sense; TOO_MANY_ROWS; the sink's errors. That a row
  // is bad is no error here: see errors().
  absl::Status Add(const RawChunk& chunk);

  // Gives the rest to the sink.
  absl::Status Finish();

  // What was received up to here, without the number of lanes.
  BatchContent content() const;
  const RowErrorCollector& errors() const { return errors_; }

 private:
  // A port as a row names it: known, or why not.
  struct NamedPort {
    absl::string_view text;
    const Port* port = nullptr;
    RowErrorReason problem = RowErrorReason::kMissingField;
  };

  NamedPort FindPort(absl::string_view text) const;
  absl::Status AddRows(RawRows rows);
  absl::Status AddColumns(const RawColumns& columns);
  absl::Status AddColumnRow(const RawColumns& columns, absl::Span<const NamedPort> ports, size_t i);
  void CheckPort(absl::string_view field, const NamedPort& port);
  void CheckPrice(int64_t price);
  absl::Status AddGoodRow(const Port& origin, const Port& destination, Day day, Price price);

  const std::shared_ptr<const LocationTree> tree_;
  RunSink* const sink_;
  SeriesRunBuilder builder_;
  ContentDigest digest_;
  RowErrorCollector errors_;
  int64_t row_count_ = 0;
  std::optional<DayRange> days_;
};

}  // namespace fairway::ingest
