#include "services/cli/csv.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace fairway::cli {

bool SplitCsv(absl::string_view line, std::vector<std::string>& fields) {
  size_t count = 0;
  const auto next_field = [&]() -> std::string& {
    if (count == fields.size()) fields.emplace_back();
    fields[count].clear();
    return fields[count++];
  };
  std::string* field = &next_field();
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      field->push_back('"');
      ++i;
    } else if (c == '"' && (quoted || field->empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      field = &next_field();
    } else {
      field->push_back(c);
    }
  }
  fields.resize(count);
  return !quoted;
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\n\r") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

absl::StatusOr<std::vector<size_t>> FindColumns(absl::string_view heading,
                                                const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  SplitCsv(absl::StripPrefix(heading, "\xef\xbb\xbf"), names);  // What some editors begin with.
  for (std::string& name : names) {
    name = std::string(absl::StripAsciiWhitespace(name));
    absl::AsciiStrToLower(&name);
  }
  std::vector<size_t> columns;
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return absl::InvalidArgumentError(absl::StrCat("the first line must name the columns ",
                                                     absl::StrJoin(wanted, ","), "; ", name,
                                                     " is missing"));
    }
    columns.push_back(static_cast<size_t>(found - names.begin()));
  }
  return columns;
}

}  // namespace fairway::cli
