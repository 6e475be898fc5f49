#pragma once

#include <cstddef>

#include "absl/status/statusor.h"

#include "libs/sql_dump/sql_scanner.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// Cuts a dump into statements and psql's commands, by psql's rules of where a statement ends: a
// semicolon outside parentheses, and outside the BEGIN … END of a function's body.
class StatementReader {
 public:
  explicit StatementReader(SqlScanner& scanner) : scanner_(scanner) {}

  // False at the end. A psql command is a statement of one token. An INSERT ends behind VALUES: the
  // scanner stands before its rows.
  absl::StatusOr<bool> Next(Statement& statement);

 private:
  void CountDepth(const Token& token);
  void CountBody(const Token& token);
  void Keep(Token& token, Statement& statement);

  SqlScanner& scanner_;
  Token token_;
  int parentheses_ = 0;
  int body_depth_ = 0;
  std::string beginning_;  // The first letters of the first words that matter to CountBody().
  size_t bytes_ = 0;
};

}  // namespace fairway::sql_dump
