#include "libs/sql_dump/copy_block.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/dump_error.h"
#include "libs/sql_dump/read_only_query.h"

namespace fairway::sql_dump {
namespace {

constexpr absl::string_view kEndOfBlock = "\\.";

}  // namespace

absl::StatusOr<std::optional<CopyBlock>> CopyBlock::Begin(const Statement& statement,
                                                          DumpState& state, DumpText& text) {
  Cursor cursor(statement);
  cursor.TakeWord("copy");
  const bool is_binary = cursor.TakeWord("binary");
  if (cursor.Peek().IsSymbol('(')) {
    RETURN_IF_ERROR(CheckReadOnly(statement));
    return std::nullopt;
  }
  const std::optional<RelationName> relation = cursor.TakeRelation();
  if (!relation) return absl::InvalidArgumentError("COPY of a table whose name is not read");
  const std::optional<std::vector<std::string>> columns = cursor.TakeNameList();
  const bool has_oids = cursor.TakeWords({"with", "oids"});
  if (cursor.TakeWord("to")) return std::nullopt;
  if (!cursor.TakeWord("from")) return absl::InvalidArgumentError("a COPY that is not read");
  ASSIGN_OR_RETURN(RowTarget target, RowTarget::Find(*relation, columns, state));
  if (cursor.Peek().IsWord("program")) return absl::InvalidArgumentError("COPY runs a program");
  if (!cursor.TakeWord("stdin")) {
    target.Block("the rows are in another file: COPY FROM stdin is read");
    return std::nullopt;
  }
  if (is_binary || has_oids || !cursor.AtEnd()) {
    target.Block("COPY with options; make the dump with pg_dump --format=plain");
  }
  CopyBlock block(std::move(target), state, text);
  RETURN_IF_ERROR(block.SkipRestOfStatement());
  return block;
}

absl::Status CopyBlock::SkipRestOfStatement() {
  absl::string_view rest;
  const int64_t line = text_->line();
  if (text_->TakeLine(rest) && absl::StripAsciiWhitespace(rest).empty()) {
    has_copy_carriage_return_ = absl::EndsWith(rest, "\r");
    first_row_line_ = text_->line();
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(text_->status());
  return DumpError(state_->name, line, "expected the rows on the lines behind COPY … FROM stdin;");
}

// False when the line does not end as those before it.
bool CopyBlock::StripCarriageReturn(absl::string_view& line) {
  const bool has_one = absl::ConsumeSuffix(&line, "\r");
  if (!has_carriage_returns_) has_carriage_returns_ = has_one;
  return *has_carriage_returns_ == has_one;
}

// PostgreSQL refuses this block as a whole, of whatever table it is.
void CopyBlock::Refuse(absl::string_view what, int64_t line) {
  target_.Block(what, line);
  state_->Doubt();
}

// psql sends the line that ends the block, too: PostgreSQL takes no row when the rows end unlike
// it. The one to blame is the one that differs from the rest of the dump.
void CopyBlock::CheckMarker(bool has_carriage_return) {
  if (!has_carriage_returns_ || *has_carriage_returns_ == has_carriage_return) return;
  const bool is_row_odd = has_carriage_return == has_copy_carriage_return_;
  Refuse(is_row_odd ? "a row whose line ends unlike those around it"
                    : "a line that ends unlike those before it",
         is_row_odd ? first_row_line_ : text_->line() - 1);
}

// False at the end of the block.
absl::StatusOr<bool> CopyBlock::NextLine(absl::string_view& line) {
  joined_.clear();
  while (true) {
    absl::string_view piece;
    if (!text_->TakeLine(piece)) {
      RETURN_IF_ERROR(text_->status());
      return DumpError(state_->name, line_, "the file ends within the rows of this COPY");
    }
    absl::string_view stripped = piece;
    if (absl::StripSuffix(piece, "\r") == kEndOfBlock) {
      CheckMarker(absl::EndsWith(piece, "\r"));
      if (joined_.empty()) return false;
      return DumpError(state_->name, text_->line() - 1, "the row before this line goes on");
    }
    const bool is_even = StripCarriageReturn(stripped);
    if (!is_even) Refuse("a line that ends unlike those before it", text_->line() - 1);
    if (!GoesOnBehindLineBreak(stripped)) {
      line = stripped;
      if (!joined_.empty()) {
        absl::StrAppend(&joined_, stripped);
        line = joined_;
      }
      return true;
    }
    // The backslash takes the carriage return: the line break behind it is not the line's style.
    if (stripped.size() < piece.size()) {
      Refuse("a backslash before a line break that has a carriage return", text_->line() - 1);
    }
    absl::StrAppend(&joined_, stripped, "\n");
    if (joined_.size() > DumpText::kLineBytesMax) {
      return DumpError(state_->name, line_, "a row is longer than 16 MiB");
    }
  }
}

absl::StatusOr<bool> CopyBlock::Next(DumpRow& row) {
  while (true) {
    const int64_t number = text_->line();
    absl::string_view line;
    ASSIGN_OR_RETURN(const bool more, NextLine(line));
    if (!more) return false;
    if (!target_.is_wanted()) {
      target_.CountUnread();
      continue;
    }
    const absl::Status read =
        ReadCopyLine(line, state_->settings.mode().encoding, target_.column_count(), fields_);
    if (read.ok()) {
      target_.Present(fields_, number, row);
      return true;
    }
    target_.Block(read.message(), number);
  }
}

}  // namespace fairway::sql_dump
