#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/sql_dump/row_target.h"
#include "libs/sql_dump/sql_scanner.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// The rows of an INSERT … VALUES, read one by one: an INSERT may hold millions.
class InsertRows {
 public:
  // `scanner` stands behind VALUES, or behind the statement when that has none: then there are no
  // rows to read. Errors are obstacles to all of the dump.
  static absl::StatusOr<std::optional<InsertRows>> Begin(const Statement& statement,
                                                         DumpState& state, SqlScanner& scanner);

  // False when the statement is read to its semicolon.
  absl::StatusOr<bool> Next(DumpRow& row);

 private:
  InsertRows(RowTarget target, DumpState& state, SqlScanner& scanner)
      : target_(std::move(target)), state_(&state), scanner_(&scanner) {}

  absl::Status Scan();
  absl::Status ReadRow(bool& is_plain);
  absl::Status ReadValue(Field& field, bool& is_plain);
  absl::Status SkipValue(std::vector<Token> begun);
  void CheckReturning(const Statement& rest);
  absl::Status ReadEnd();

  RowTarget target_;
  DumpState* state_;
  SqlScanner* scanner_;
  Token token_;
  std::vector<Field> fields_;
  size_t field_count_ = 0;
  bool is_certain_ = true;  // PostgreSQL computes all values of the row without fail.
};

}  // namespace fairway::sql_dump
