#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/price_files/csv_fields.h"
#include "libs/price_files/csv_heading.h"
#include "libs/price_files/line_reader.h"

namespace fairway::price_files {

// Reads the rows of a CSV file: any of the common separators, line ends and byte order marks, and
// line breaks inside quotes. Skips empty rows and rows of empty fields. For one thread.
class CsvReader {
 public:
  // Reads the heading. FILE_CONTENT for other kinds of files, and for headings without a wanted
  // column.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> bytes,
                                                         const std::vector<std::string>& wanted);

  // Advances to the next row; false at the end. FILE_CONTENT when the rest cannot be read: a quote
  // is never closed, or a pipe ends without a line end, so that the last line may be cut ("12" of
  // "1250"). Errors of the source.
  absl::StatusOr<bool> Next() {
    return Next([](absl::string_view /*line*/) { return false; });
  }
  // The same. Each line is offered to `read` first, which may read it as a row itself, if it is
  // one, and return true: values(), fault() and FieldBehind() say nothing about this row then.
  absl::StatusOr<bool> Next(absl::FunctionRef<bool(absl::string_view line)> read);

  // The wanted fields of the current row, valid until Next(), in the order they were wanted; empty
  // where the row is too short.
  const std::vector<CsvValue>& values() const { return values_; }
  // The field to the right of a wanted one; empty if there is none.
  CsvValue FieldBehind(size_t wanted) const;
  // Whether the row ends before a wanted column.
  bool ends_early() const { return ends_early_; }
  // Why the row does not match the heading; "" when it does. If not empty, ignore the values.
  absl::string_view fault() const { return fault_; }
  // The row as written in the file.
  absl::string_view text() const { return text_; }
  // The first line of the row, from 1.
  int64_t line() const { return line_; }

  const CsvHeading& heading() const { return heading_; }
  const LineReader& lines() const { return *lines_; }

 private:
  explicit CsvReader(std::unique_ptr<LineReader> lines) : lines_(std::move(lines)) {}

  absl::Status ReadHeading(const std::vector<std::string>& wanted);
  absl::StatusOr<std::string> ReadHeadingLine();
  absl::StatusOr<bool> NextLine(absl::string_view& line);
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
  std::string row_;       // Backs text_ for rows of several lines.
  std::string unmarked_;  // Backs a line that ended with the end-of-file mark.
  int64_t line_ = 0;
  bool has_line_end_ =
      true;  // Whether the last line ended with a line end or the end-of-file mark.
};

}  // namespace fairway::price_files
