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
#include "services/ingest/row_source.h"

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

  // INVALID_REQUEST for rows that make no sense, or whose text is not UTF-8; TOO_MANY_ROWS; the
  // sink's errors. That a row is bad is no error here: see errors().
  absl::Status Add(const RawBlock& block);

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

  absl::Status FindPort(absl::string_view text, NamedPort& named) const;
  absl::Status AddRows(RawRows rows);
  absl::Status AddColumns(const RawColumns& columns);
  absl::Status AddColumnRow(const RawColumns& columns, size_t i);
  absl::Status AddRejectedRow(const RawRejectedRow& row);
  void CheckPort(absl::string_view field, const NamedPort& port);
  absl::Status CheckDay(absl::string_view day);
  void CheckPrice(int64_t price);
  absl::Status CountRow();
  absl::Status AddGoodRow(const Port& origin, const Port& destination, Day day, Price price);

  const std::shared_ptr<const LocationTree> tree_;
  RunSink* const sink_;
  std::vector<NamedPort> ports_;  // Of the chunk of columns that is being added.
  SeriesRunBuilder builder_;
  ContentDigest digest_;
  RowErrorCollector errors_;
  int64_t row_count_ = 0;
  std::optional<DayRange> days_;
};

}  // namespace fairway::ingest
