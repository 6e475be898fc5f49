#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/cli/csv.h"
#include "services/cli/csv_heading.h"
#include "services/cli/line_reader.h"

namespace fairway::cli {

// The rows of a file of CSV: any of the usual separators, line ends and byte order marks; line
// breaks within quotes; empty rows, and those of empty fields only, are passed over. Not
// thread-safe.
class CsvReader {
 public:
  // Reads the heading. FILE_CONTENT says what the file is instead, or what its heading lacks.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> bytes,
                                                         const std::vector<std::string>& wanted);

  // Goes to the next row; false at the end. FILE_CONTENT when the rest cannot be read, as within a
  // quote that is never closed, or when a pipe ends within a line, which may be cut off: "1250" is
  // "12" then; and the errors of the source.
  absl::StatusOr<bool> Next();

  // Of the row, until the next one. In the order in which the columns were wanted; "" where the row
  // ends before.
  const std::vector<CsvValue>& values() const { return values_; }
  // The field to the right of a wanted one; empty where there is none.
  CsvValue FieldBehind(size_t wanted) const;
  // Whether the row ends before a wanted column.
  bool ends_early() const { return ends_early_; }
  // Why it cannot be split into the fields that the heading names; "" when it can. Then its values
  // mean nothing.
  absl::string_view fault() const { return fault_; }
  // As the file has it.
  absl::string_view text() const { return text_; }
  // Its first, from 1.
  int64_t line() const { return line_; }

  char separator() const { return heading_.separator; }
  const LineReader& lines() const { return *lines_; }

 private:
  explicit CsvReader(std::unique_ptr<LineReader> lines) : lines_(std::move(lines)) {}

  absl::Status ReadHeading(const std::vector<std::string>& wanted);
  absl::StatusOr<std::string> ReadHeadingLine();
  absl::StatusOr<std::optional<absl::string_view>> NextLine();
  absl::Status SplitQuoted();
  absl::Status CheckLineEnd() const;
  bool IsEmpty() const;
  absl::string_view FindFault() const;
  absl::string_view FindExcess() const;
  void TakeValues();

  const std::unique_ptr<LineReader> lines_;
  CsvHeading heading_;
  std::optional<CsvSplitter> splitter_;
  std::vector<CsvValue> values_;
  bool ends_early_ = false;
  absl::string_view fault_;
  absl::string_view text_;
  std::string row_;       // What text_ points into when it is several lines.
  std::string unmarked_;  // A line that ended with the end-of-file mark.
  int64_t line_ = 0;
  bool has_line_end_ = true;  // The last line; or the mark of the file's end.
};

}  // namespace fairway::cli
