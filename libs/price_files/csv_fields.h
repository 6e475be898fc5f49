#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::price_files {

// The text as a CSV field, quoted if necessary.
std::string CsvField(absl::string_view text);

// A field of a row. Unquoted fields are trimmed; quoted fields are kept as written.
struct CsvValue {
  absl::string_view text;
  bool quoted = false;
};

// Splits rows of CSV (RFC 4180), with any separator. Reuses its memory from row to row.
// Beyond the standard: spaces around quotes are ignored, and a quote inside an unquoted field is
// an ordinary character. For one thread.
class CsvSplitter {
 public:
  explicit CsvSplitter(char separator) : separator_(separator) {}

  // The fast path, for a complete row without escaped quotes or line breaks: the values point into
  // `row`. False when the row needs the slow path.
  bool SplitInPlace(absl::string_view row);

  // The slow path, for a row in pieces: Begin(), Add() for each piece, End().
  void Begin();
  void Add(absl::string_view text);
  // Whether the pieces so far end inside quotes: the row continues after the line break.
  bool in_quotes() const { return state_ == State::kQuoted; }
  // False when text follows a closing quote.
  bool End();

  const std::vector<CsvValue>& values() const { return values_; }
  char separator() const { return separator_; }

 private:
  enum class State { kStart, kPlain, kQuoted, kQuoteInQuotes, kBehindQuotes };
  struct Piece {  // Of text_.
    size_t begin;
    size_t size;
    bool quoted;
  };

  void AddCharacter(char c);
  void EndField();
  absl::string_view Trimmed(absl::string_view field) const;
  bool IsSpace(char c) const { return c == ' ' || c == '\r' || (c == '\t' && separator_ != '\t'); }

  const char separator_;
  std::vector<CsvValue> values_;
  State state_ = State::kStart;
  std::string text_;  // The fields, without their quotes.
  std::vector<Piece> pieces_;
  size_t field_begin_ = 0;
  bool field_quoted_ = false;
  bool intact_ = true;
};

}  // namespace fairway::price_files
