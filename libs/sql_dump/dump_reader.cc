#include "libs/sql_dump/dump_reader.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/dump_error.h"
#include "libs/sql_dump/dump_format.h"
#include "libs/sql_dump/may_fail.h"
#include "libs/sql_dump/other_statement.h"

namespace fairway::sql_dump {

DumpReader::DumpReader(TextSource& source)
    : text_(source), scanner_(text_, state_.settings.mode()), statements_(scanner_) {
  state_.name = source.name();
}

absl::StatusOr<bool> DumpReader::Next(DumpRow& row) {
  if (!is_begun_) RETURN_IF_ERROR(CheckFormat(text_));
  is_begun_ = true;
  while (true) {
    if (copy_) {
      ASSIGN_OR_RETURN(const bool more, copy_->Next(row));
      if (more) return true;
      copy_.reset();
    }
    if (insert_) {
      ASSIGN_OR_RETURN(const bool more, insert_->Next(row));
      if (more) return true;
      insert_.reset();
    }
    bool is_end = false;
    RETURN_IF_ERROR(ReadStatement(is_end));
    if (is_end) return false;
  }
}

absl::Status DumpReader::ReadStatement(bool& is_end) {
  ASSIGN_OR_RETURN(const bool more, statements_.Next(statement_));
  is_end = !more;
  if (!more) return CheckEnd();
  state_.line = statement_.line();
  absl::Status applied = Apply();
  if (applied.ok() || !IsWithoutPlace(applied)) return applied;
  return DumpError(state_.name, state_.line, applied.message());
}

absl::Status DumpReader::Apply() {
  const Token& last = statement_.tokens.back();
  if (last.kind == TokenKind::kEnd) {
    return absl::InvalidArgumentError("the file ends within the statement that begins here");
  }
  if (last.kind == TokenKind::kMetaCommand) {
    if (statement_.tokens.size() == 1) return ApplyMetaCommand(last, state_);
    return absl::InvalidArgumentError("a command of psql within the statement that begins here");
  }
  if (state_.doubt && !ChangesNothing(statement_.tokens[0])) return *state_.doubt;
  if (state_.IsFailureCostly() && MayFail(statement_, state_)) state_.Doubt();
  if (statement_.tokens[0].IsWord("copy")) {
    ASSIGN_OR_RETURN(copy_, CopyBlock::Begin(statement_, state_, text_));
    return absl::OkStatus();
  }
  if (statement_.tokens[0].IsWord("insert")) {
    ASSIGN_OR_RETURN(insert_, InsertRows::Begin(statement_, state_, scanner_));
    return absl::OkStatus();
  }
  return ApplyStatement(statement_, state_);
}

absl::Status DumpReader::CheckEnd() const {
  if (const int64_t line = scanner_.open_dump_line(); line > 0) {
    return DumpError(state_.name, 0,
                     absl::StrCat("it is cut off: the dump that begins at line ", line,
                                  " does not end with \"PostgreSQL database dump complete\""));
  }
  if (state_.transaction_line > 0) {
    return DumpError(state_.name, state_.transaction_line,
                     "the transaction that begins here is not committed");
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
