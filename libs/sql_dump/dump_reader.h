#pragma once

#include <optional>

#include "absl/status/statusor.h"

#include "libs/sql_dump/copy_block.h"
#include "libs/sql_dump/dump_row.h"
#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/dump_text.h"
#include "libs/sql_dump/insert_rows.h"
#include "libs/sql_dump/sql_scanner.h"
#include "libs/sql_dump/statement_reader.h"

namespace fairway::sql_dump {

// Reads a plain dump of PostgreSQL as psql would, statement by statement and row by row: COPY
// blocks and INSERTs of the three tables are rows; what else changes those tables, or may, is an
// obstacle. Constraints are taken to hold, as they did where the dump was made. Memory does not
// grow with the number of rows. Belongs to one thread at a time.
class DumpReader {
 public:
  explicit DumpReader(TextSource& source);
  DumpReader(const DumpReader&) = delete;
  DumpReader& operator=(const DumpReader&) = delete;

  // False at the end. FILE_CONTENT, with its line, for a dump that is cut off, is no plain dump, or
  // has an obstacle to all of it. Rows behind an obstacle of their schema are left out: see
  // state().
  absl::StatusOr<bool> Next(DumpRow& row);

  DumpState& state() { return state_; }

 private:
  absl::Status ReadStatement(bool& is_end);
  absl::Status Apply();
  absl::Status CheckEnd() const;

  DumpText text_;
  DumpState state_;
  SqlScanner scanner_;
  StatementReader statements_;
  bool is_begun_ = false;
  Statement statement_;
  std::optional<CopyBlock> copy_;
  std::optional<InsertRows> insert_;
};

}  // namespace fairway::sql_dump
