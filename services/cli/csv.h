#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// The text as a field of CSV, quoted where it must be.
std::string CsvField(absl::string_view text);

// A field of a row. Without quotes it has no spaces around it; within them it is as it was written.
struct CsvValue {
  absl::string_view text;
  bool quoted = false;
};

// Splits rows of CSV as RFC 4180 says, with any separator. Its memory is used again for every row.
// Beyond the standard: spaces around quotes are passed over, and a quote within a field that does
// not begin with one is a character like others.
class CsvSplitter {
 public:
  explicit CsvSplitter(char separator) : separator_(separator) {}

  // The quick way, for a whole row in which nothing has to be put together: the values point into
  // it. False when it has to be split in the other way.
  bool SplitInPlace(absl::string_view row);

  // Any other row, in pieces: Begin(), and then Add() until there is no more.
  void Begin();
  void Add(absl::string_view text);
  // Whether it ends within quotes so far: the row goes on behind the line break.
  bool in_quotes() const { return state_ == State::kQuoted; }
  // No more of it. False when text follows a closing quote.
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
  std::string text_;  // Of the fields, without their quotes.
  std::vector<Piece> pieces_;
  size_t field_begin_ = 0;
  bool field_quoted_ = false;
  bool intact_ = true;
};

}  // namespace fairway::cli
