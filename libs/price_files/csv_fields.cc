#include "libs/price_files/csv_fields.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace fairway::price_files {

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\n\r") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

bool CsvSplitter::SplitInPlace(absl::string_view row) {
  values_.clear();
  for (size_t begin = 0; begin <= row.size();) {
    size_t end = begin;
    if (begin < row.size() && row[begin] == '"') {
      const size_t close = row.find('"', begin + 1);
      if (close == absl::string_view::npos) return false;
      end = close + 1;
      if (end < row.size() && row[end] != separator_) return false;
      values_.push_back({.text = row.substr(begin + 1, close - begin - 1), .quoted = true});
    } else {
      while (end < row.size() && row[end] != separator_) ++end;
      values_.push_back({.text = Trimmed(row.substr(begin, end - begin))});
      if (absl::StartsWith(values_.back().text, "\"")) return false;
    }
    begin = end + 1;
  }
  return true;
}

void CsvSplitter::Begin() {
  text_.clear();
  pieces_.clear();
  state_ = State::kStart;
  field_begin_ = 0;
  field_quoted_ = false;
  intact_ = true;
}

void CsvSplitter::Add(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (state_ == State::kQuoted) {
      const absl::string_view run = text.substr(i, text.find('"', i) - i);
      text_.append(run.data(), run.size());
      i += run.size();
      if (i == text.size()) return;
    }
    AddCharacter(text[i]);
  }
}

void CsvSplitter::AddCharacter(char c) {
  const bool ends = c == separator_ && state_ != State::kQuoted;
  if (ends) return EndField();
  switch (state_) {
    case State::kStart:
      if (IsSpace(c)) return;
      field_quoted_ = c == '"';
      state_ = field_quoted_ ? State::kQuoted : State::kPlain;
      if (!field_quoted_) text_.push_back(c);
      return;
    case State::kPlain:
      text_.push_back(c);
      return;
    case State::kQuoted:  // Add() passes only the quote.
      state_ = State::kQuoteInQuotes;
      return;
    case State::kQuoteInQuotes:
    case State::kBehindQuotes:
      if (c == '"' && state_ == State::kQuoteInQuotes) {
        text_.push_back(c);
        state_ = State::kQuoted;
        return;
      }
      intact_ = intact_ && IsSpace(c);
      state_ = State::kBehindQuotes;
      return;
  }
}

void CsvSplitter::EndField() {
  absl::string_view field = absl::string_view(text_).substr(field_begin_);
  if (!field_quoted_) field = Trimmed(field);
  pieces_.push_back({.begin = field_begin_, .size = field.size(), .quoted = field_quoted_});
  field_begin_ = text_.size();
  field_quoted_ = false;
  state_ = State::kStart;
}

bool CsvSplitter::End() {
  EndField();
  values_.clear();
  for (const Piece& piece : pieces_) {
    values_.push_back(
        {.text = absl::string_view(text_).substr(piece.begin, piece.size), .quoted = piece.quoted});
  }
  return intact_;
}

absl::string_view CsvSplitter::Trimmed(absl::string_view field) const {
  while (!field.empty() && IsSpace(field.front())) field.remove_prefix(1);
  while (!field.empty() && IsSpace(field.back())) field.remove_suffix(1);
  return field;
}

}  // namespace fairway::price_files
