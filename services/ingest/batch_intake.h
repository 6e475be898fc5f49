#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/domain/batch.h"
#include "libs/domain/limits.h"
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

// Checks every row of a batch, adds it to the digest, and packs it into sorted runs for the sink.
// After the first bad row nothing goes to the sink, but all rows are still checked, so that a
// partner learns of all errors at once. Memory does not grow with the batch. Not thread-safe.
class BatchIntake {
 public:
  // Without a `sink` rows are only checked and digested. `rows_max`: for tests.
  BatchIntake(std::shared_ptr<const LocationTree> tree, RunSink* sink,
              int64_t rows_max = limits::kUploadRowsMax);

  // INVALID_REQUEST for an index beyond the ports or text that is not UTF-8; TOO_MANY_ROWS; the
  // sink's errors. A bad row is not an error here: see errors().
  absl::Status Add(const RawBlock& block);

  // Sends the rest to the sink.
  absl::Status Finish();

  // What was received so far, without the number of lanes.
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
  const int64_t rows_max_;
  std::vector<NamedPort> ports_;  // Of the chunk of columns that is being added.
  SeriesRunBuilder builder_;
  ContentDigest digest_;
  RowErrorCollector errors_;
  int64_t row_count_ = 0;
  std::optional<DayRange> days_;
};

}  // namespace fairway::ingest
