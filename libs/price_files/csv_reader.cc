#include "libs/price_files/csv_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/file_kind.h"

namespace fairway::price_files {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr char kEndOfFileMark = '\x1a';  // Ctrl-Z, as DOS programs write it.
constexpr absl::string_view kTextBehindQuotes = "text follows a closing quote";
constexpr absl::string_view kTooManyFields = "it has more fields than the heading names";
constexpr absl::string_view kUnnamedColumn =
    "it has a value in a column that the heading does not name";
constexpr absl::string_view kNotSplit = "it is not separated like the heading";
constexpr size_t kHeadingBytesMax = 64 * 1024;

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> bytes,
                                                           const std::vector<std::string>& wanted) {
  auto lines = std::make_unique<LineReader>(std::move(bytes));
  ASSIGN_OR_RETURN(const absl::string_view start, lines->Peek(kFileKindBytes));
  const std::string kind = ForeignFileKind(start);
  if (!kind.empty()) return ContentError(lines->path(), 0, kind);
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(lines)));
  RETURN_IF_ERROR(reader->ReadHeading(wanted));
  return reader;
}

absl::Status CsvReader::ReadHeading(const std::vector<std::string>& wanted) {
  std::optional<char> separator;
  ASSIGN_OR_RETURN(std::string line, ReadHeadingLine());
  const auto separator_line = ParseSeparatorLine(line);
  if (!separator_line.ok()) {
    return ContentError(lines_->path(), line_, separator_line.status().message());
  }
  if (*separator_line) {
    separator = **separator_line;
    ASSIGN_OR_RETURN(line, ReadHeadingLine());
  }
  absl::StatusOr<CsvHeading> heading = ParseCsvHeading(line, wanted, separator);
  if (!heading.ok()) return ContentError(lines_->path(), line_, heading.status().message());
  heading_ = *std::move(heading);
  splitter_.emplace(heading_.separator);
  return absl::OkStatus();
}

// The next line that is not blank, and the lines that its quotes continue on.
absl::StatusOr<std::string> CsvReader::ReadHeadingLine() {
  std::string heading;
  while (true) {
    ASSIGN_OR_RETURN(std::optional<absl::string_view> line, lines_->Next());
    if (!line) return ContentError(lines_->path(), 0, "the file is empty");
    if (lines_->line_number() == 1) absl::ConsumePrefix(&*line, kByteOrderMark);
    if (heading.empty()) line_ = lines_->line_number();
    absl::StrAppend(&heading, *line);
    const bool quotes_end = std::count(heading.begin(), heading.end(), '"') % 2 == 0;
    const bool has_text = heading.find_first_not_of(" \t\r,;|\x1a") != std::string::npos;
    if (quotes_end && has_text) return heading;
    if (quotes_end) heading.clear();
    if (heading.size() > kHeadingBytesMax) {
      return ContentError(lines_->path(), line_, "a quote in the heading is not closed");
    }
    if (!quotes_end) heading.push_back('\n');
  }
}

absl::StatusOr<bool> CsvReader::Next(absl::FunctionRef<bool(absl::string_view)> read) {
  do {
    ASSIGN_OR_RETURN(const bool more, NextLine(text_));
    if (!more) return false;
    line_ = lines_->line_number();
    if (read(text_)) {
      RETURN_IF_ERROR(CheckLineEnd());
      return true;
    }
    fault_ = "";
    if (!splitter_->SplitInPlace(text_)) RETURN_IF_ERROR(SplitQuoted());
  } while (IsEmpty());
  RETURN_IF_ERROR(CheckLineEnd());
  if (fault_.empty()) fault_ = FindFault();
  TakeValues();
  return true;
}

// The next line, without the end-of-file mark if the file ends with it; false at the end.
absl::StatusOr<bool> CsvReader::NextLine(absl::string_view& line) {
  if (!lines_->TakeBuffered(line)) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> next, lines_->Next());
    if (!next) return false;
    line = *next;
  }
  has_line_end_ = !lines_->line_end().empty();
  if (line.empty() || line.back() != kEndOfFileMark) return true;
  unmarked_ = std::string(line);
  ASSIGN_OR_RETURN(const absl::string_view rest, lines_->Peek(1));
  if (rest.empty()) {
    unmarked_.resize(unmarked_.find_last_not_of(kEndOfFileMark) + 1);
    has_line_end_ = true;
  }
  line = unmarked_;
  return true;
}

absl::Status CsvReader::CheckLineEnd() const {
  if (has_line_end_ || !lines_->may_be_cut()) return absl::OkStatus();
  return ContentError(lines_->path(), lines_->line_number(),
                      "the input ends without a line end, so this line may be cut off; if it is "
                      "complete, add a line end, or pass the file by name");
}

absl::Status CsvReader::SplitQuoted() {
  splitter_->Begin();
  splitter_->Add(text_);
  if (splitter_->in_quotes()) row_ = std::string(text_);
  int64_t opened = line_;
  while (splitter_->in_quotes()) {
    const size_t before = row_.size();
    absl::StrAppend(&row_, lines_->line_end());
    absl::string_view line;
    ASSIGN_OR_RETURN(const bool more, NextLine(line));
    if (!more || row_.size() + line.size() > LineReader::kLineBytesMax) {
      return ContentError(lines_->path(), opened,
                          absl::StrCat("a quote is opened and not closed ",
                                       more ? "within 1 MiB" : "before the end of the file"));
    }
    absl::StrAppend(&row_, line);
    text_ = row_;
    splitter_->Add(text_.substr(before));
    if (line.find('"') != absl::string_view::npos) opened = lines_->line_number();
  }
  if (!splitter_->End()) fault_ = kTextBehindQuotes;
  return absl::OkStatus();
}

bool CsvReader::IsEmpty() const {
  const std::vector<CsvValue>& all = splitter_->values();
  return all[0].text.empty() &&
         std::all_of(all.begin(), all.end(), [](const CsvValue& v) { return v.text.empty(); });
}

absl::string_view CsvReader::FindFault() const {
  const std::vector<CsvValue>& all = splitter_->values();
  if (all.size() == 1 && heading_.columns.size() > 1 &&
      all[0].text.find_first_of(",;\t|") != absl::string_view::npos) {
    return kNotSplit;
  }
  // A value in an unnamed column is the rest of another field: "250" of "1,250".
  for (const size_t column : heading_.unnamed) {
    if (column < all.size() && !all[column].text.empty()) return kUnnamedColumn;
  }
  return all.size() > heading_.width ? FindExcess() : "";
}

// For rows with more fields than named columns.
absl::string_view CsvReader::FindExcess() const {
  const std::vector<CsvValue>& all = splitter_->values();
  for (size_t i = heading_.width; i < all.size(); ++i) {
    if (!all[i].text.empty()) return kTooManyFields;
  }
  if (all.size() <= heading_.all_width) return "";
  // Extra empty fields are fine after "1250", but they may come from a comma in "1,250" or
  // "1250,50".
  if (heading_.separator != ',') return "";
  for (const size_t column : heading_.columns) {
    if (column + 1 < heading_.width && !all[column].quoted && !all[column + 1].quoted &&
        IsDigits(all[column].text) && IsDigits(all[column + 1].text)) {
      return kTooManyFields;
    }
  }
  return "";
}

CsvValue CsvReader::FieldBehind(size_t wanted) const {
  const size_t column = heading_.columns[wanted] + 1;
  return column < splitter_->values().size() ? splitter_->values()[column] : CsvValue();
}

void CsvReader::TakeValues() {
  const std::vector<CsvValue>& all = splitter_->values();
  values_.resize(heading_.columns.size());  // The same for every row.
  ends_early_ = false;
  for (size_t i = 0; i < values_.size(); ++i) {
    const size_t column = heading_.columns[i];
    ends_early_ = ends_early_ || column >= all.size();
    values_[i] = column < all.size() ? all[column] : CsvValue();
  }
}

}  // namespace fairway::price_files
