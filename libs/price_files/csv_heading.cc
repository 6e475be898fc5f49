#include "libs/price_files/csv_heading.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "libs/price_files/csv_fields.h"

namespace fairway::price_files {
namespace {

using Names = std::vector<std::string>;

constexpr absl::string_view kSeparators = ",;\t|";
constexpr size_t kQuotedBytesMax = 80;

Names SplitNames(absl::string_view heading, char separator) {
  CsvSplitter splitter(separator);
  splitter.Begin();
  splitter.Add(heading);
  splitter.End();
  Names names;
  for (const CsvValue& value : splitter.values()) {
    names.push_back(absl::AsciiStrToLower(absl::StripAsciiWhitespace(value.text)));
  }
  return names;
}

int64_t CountFound(const Names& names, const Names& wanted) {
  return std::count_if(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

// The separator that yields the most wanted names.
char FindSeparator(absl::string_view heading, const Names& wanted) {
  return *std::max_element(kSeparators.begin(), kSeparators.end(), [&](char a, char b) {
    return CountFound(SplitNames(heading, a), wanted) < CountFound(SplitNames(heading, b), wanted);
  });
}

// Unnamed columns before the first named one hold row numbers, as some programs write them.
size_t FirstNamed(const Names& names) {
  const auto first = std::find_if(names.begin(), names.end(),
                                  [](const std::string& name) { return !name.empty(); });
  return static_cast<size_t>(first - names.begin());
}

// "; expected one separator, found , and ;", or "".
std::string MixedSeparators(absl::string_view heading) {
  Names found;
  for (const char separator : kSeparators) {
    if (!absl::StrContains(heading, separator)) continue;
    found.push_back(separator == '\t' ? "tabs" : std::string(1, separator));
  }
  if (found.size() < 2) return "";
  return absl::StrCat("; expected one separator, found ", absl::StrJoin(found, " and "));
}

absl::Status MissingError(absl::string_view heading, const Names& wanted, const Names& missing) {
  const bool is_cut = heading.size() > kQuotedBytesMax;
  return absl::InvalidArgumentError(
      absl::StrCat("the heading must name the columns ", absl::StrJoin(wanted, ","), "; ",
                   absl::StrJoin(missing, " is missing, "), " is missing; the heading is \"",
                   absl::Utf8SafeCHexEscape(heading.substr(0, kQuotedBytesMax)),
                   is_cut ? "…\"" : "\"", MixedSeparators(heading)));
}

}  // namespace

absl::StatusOr<CsvHeading> ParseCsvHeading(absl::string_view heading, const Names& wanted,
                                           std::optional<char> separator) {
  CsvHeading result = {.separator = separator.value_or(FindSeparator(heading, wanted))};
  const Names names = SplitNames(heading, result.separator);
  Names missing;
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      missing.push_back(name);
      continue;
    }
    if (std::count(found, names.end(), name) > 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("the heading names the column ", name, " twice"));
    }
    result.columns.push_back(static_cast<size_t>(found - names.begin()));
  }
  if (!missing.empty()) return MissingError(heading, wanted, missing);
  const auto last = std::find_if(names.rbegin(), names.rend(),
                                 [](const std::string& name) { return !name.empty(); });
  result.width = static_cast<size_t>(names.rend() - last);
  result.all_width = names.size();
  for (size_t i = FirstNamed(names); i < result.width; ++i) {
    if (names[i].empty()) result.unnamed.push_back(i);
  }
  return result;
}

absl::StatusOr<std::optional<char>> ParseSeparatorLine(absl::string_view line) {
  // No trimming: the separator may be a tab.
  if (absl::ConsumePrefix(&line, "\"")) line = absl::StripSuffix(line, "\"");
  if (!absl::StartsWithIgnoreCase(line, "sep=")) return std::nullopt;
  line.remove_prefix(4);
  if (line.size() == 1 && absl::StrContains(kSeparators, line)) return line[0];
  return absl::InvalidArgumentError(absl::StrCat(
      "unsupported separator: sep=", absl::Utf8SafeCHexEscape(line.substr(0, kQuotedBytesMax)),
      "; expected comma, semicolon, tab or |"));
}

}  // namespace fairway::price_files
