#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/sql_dump/dump_text.h"
#include "libs/sql_dump/row_target.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// The rows behind a "COPY … FROM stdin;", line by line.
class CopyBlock {
 public:
  // Nothing for a COPY that no rows follow. Errors are obstacles to all of the dump.
  static absl::StatusOr<std::optional<CopyBlock>> Begin(const Statement& statement,
                                                        DumpState& state, DumpText& text);

  // False at the end of the block. Rows that are not wanted are skipped.
  absl::StatusOr<bool> Next(DumpRow& row);

 private:
  CopyBlock(RowTarget target, DumpState& state, DumpText& text)
      : target_(std::move(target)), state_(&state), text_(&text), line_(state.line) {}

  absl::Status SkipRestOfStatement();
  absl::StatusOr<bool> NextLine(absl::string_view& line);
  bool StripCarriageReturn(absl::string_view& line);
  void CheckMarker(bool has_carriage_return);
  void Refuse(absl::string_view what, int64_t line);

  RowTarget target_;
  DumpState* state_;
  DumpText* text_;
  int64_t line_;                              // Of the COPY.
  int64_t first_row_line_ = 0;                // Where rows may begin.
  bool has_copy_carriage_return_ = false;     // At the end of the line of the COPY.
  std::optional<bool> has_carriage_returns_;  // At the ends of its rows.
  std::string joined_;
  std::vector<Field> fields_;
};

}  // namespace fairway::sql_dump
