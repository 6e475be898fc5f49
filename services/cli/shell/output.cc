#include "services/cli/shell/output.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/cli/shell/printable.h"

namespace fairway::cli {
namespace {

// Columns of a text on a terminal: the number of characters.
size_t Width(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsNumber(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == '.'; });
}

// Whether all cells below the heading are numbers or "–".
bool IsNumberColumn(const std::vector<std::vector<std::string>>& rows, size_t column) {
  return rows.size() > 1 && std::all_of(rows.begin() + 1, rows.end(), [column](const auto& row) {
           return IsNumber(row[column]) || row[column] == "–";
         });
}

constexpr absl::string_view kUnspecified = "UNSPECIFIED";

}  // namespace

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  // Can only fail for a message with an Any of an unknown type.
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  std::cout << (status.ok() ? json : status.ToString());
}

std::string FormatTable(std::vector<std::vector<std::string>> rows) {
  for (auto& row : rows) {
    for (std::string& cell : row) cell = PrintableLine(cell);
  }
  std::vector<size_t> widths(rows.empty() ? 0 : rows[0].size());
  std::vector<bool> right(widths.size());
  for (size_t i = 0; i < right.size(); ++i) right[i] = IsNumberColumn(rows, i);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - Width(row[i]), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ", right[i] ? padding + row[i] : row[i] + padding);
    }
    absl::StrAppend(&table, line.substr(0, line.find_last_not_of(' ') + 1), "\n");
  }
  return table;
}

std::string FormatCount(int64_t count) {
  std::string text = absl::StrCat(count);
  for (int i = static_cast<int>(text.size()) - 3; i > (count < 0 ? 1 : 0); i -= 3) {
    text.insert(static_cast<size_t>(i), 1, ',');
  }
  return text;
}

std::string FormatCount(int64_t count, absl::string_view noun) {
  return absl::StrCat(FormatCount(count), " ", noun, count == 1 ? "" : "s");
}

std::string EnumName(const google::protobuf::EnumDescriptor& type, int value) {
  const google::protobuf::EnumValueDescriptor* const known = type.FindValueByNumber(value);
  if (known == nullptr) return absl::StrCat(value);
  const absl::string_view prefix =
      absl::StripSuffix(absl::string_view(type.value(0)->name()), kUnspecified);
  return std::string(absl::StripPrefix(absl::string_view(known->name()), prefix));
}

}  // namespace fairway::cli
