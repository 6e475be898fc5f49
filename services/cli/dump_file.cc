#include "services/cli/dump_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

constexpr absl::string_view kEndOfBlock = "\\.";

// "COPY public.ports (code, name, parent_slug) FROM stdin;" -> the table and its columns.
struct CopyHeading {
  std::string table;
  std::vector<std::string> columns;
};

std::optional<CopyHeading> ReadCopyHeading(absl::string_view line) {
  const size_t open = line.find('(');
  const size_t close = line.find(')');
  if (!absl::ConsumePrefix(&line, "COPY ") || !absl::EndsWith(line, "FROM stdin;") ||
      open == absl::string_view::npos || close == absl::string_view::npos) {
    return std::nullopt;
  }
  constexpr size_t kPrefix = 5;
  absl::string_view table = absl::StripSuffix(line.substr(0, open - kPrefix), " ");
  absl::ConsumePrefix(&table, "public.");
  return CopyHeading{
      .table = std::string(table),
      .columns = absl::StrSplit(line.substr(open + 1 - kPrefix, close - open - 1), ", ")};
}

// Where the wanted columns stand; nothing when one is missing.
std::optional<std::vector<size_t>> FindColumns(const CopyHeading& heading,
                                               const std::vector<std::string>& wanted) {
  std::vector<size_t> columns;
  for (const std::string& name : wanted) {
    const auto found = std::find(heading.columns.begin(), heading.columns.end(), name);
    if (found == heading.columns.end()) return std::nullopt;
    columns.push_back(static_cast<size_t>(found - heading.columns.begin()));
  }
  return columns;
}

absl::Status LineError(const LineReader& reader, absl::string_view what) {
  return ContentError(reader.path(), reader.line_number(), what);
}

using Fields = std::vector<std::string>;

// The wanted fields of a line; null is "".
absl::StatusOr<Fields> ReadFields(const LineReader& reader, absl::string_view line,
                                  const std::vector<size_t>& columns) {
  const auto all = SplitCopyLine(line);
  Fields fields;
  for (const size_t column : columns) {
    if (column >= all.size()) return LineError(reader, "fewer columns than the COPY names");
    fields.push_back(all[column].value_or(""));
  }
  return fields;
}

absl::Status ReadBlock(LineReader& reader, const std::vector<size_t>& columns,
                       const std::function<void(const Fields&)>& take) {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> line, reader.Next());
    if (!line) return LineError(reader, "the file ends inside a COPY block");
    if (*line == kEndOfBlock) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Fields fields, ReadFields(reader, *line, columns));
    take(fields);
  }
}

}  // namespace

std::vector<std::optional<std::string>> SplitCopyLine(absl::string_view line) {
  std::vector<std::optional<std::string>> fields;
  for (const absl::string_view raw : absl::StrSplit(line, '\t')) {
    if (raw == "\\N") {
      fields.emplace_back(std::nullopt);
      continue;
    }
    std::string text;
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '\\' || i + 1 == raw.size()) {
        text.push_back(raw[i]);
        continue;
      }
      const char c = raw[++i];
      text.push_back(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
    }
    fields.emplace_back(std::move(text));
  }
  return fields;
}

absl::StatusOr<v1::ImportLocationsRequest> ReadDumpLocations(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LineReader> reader, LineReader::Open(path));
  v1::ImportLocationsRequest request;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> line, reader->Next());
    if (!line) break;
    const std::optional<CopyHeading> heading = ReadCopyHeading(*line);
    if (!heading) continue;
    if (heading->table == "regions") {
      const auto columns = FindColumns(*heading, {"slug", "name", "parent_slug"});
      if (!columns) return LineError(*reader, "expected the columns slug, name and parent_slug");
      RETURN_IF_ERROR(ReadBlock(*reader, *columns, [&](const Fields& fields) {
        v1::Region* region = request.add_regions();
        region->set_slug(fields[0]);
        region->set_name(fields[1]);
        region->set_parent(fields[2]);
      }));
    } else if (heading->table == "ports") {
      const auto columns = FindColumns(*heading, {"code", "name", "parent_slug"});
      if (!columns) return LineError(*reader, "expected the columns code, name and parent_slug");
      RETURN_IF_ERROR(ReadBlock(*reader, *columns, [&](const Fields& fields) {
        v1::Port* port = request.add_ports();
        port->set_code(fields[0]);
        port->set_name(fields[1]);
        port->set_parent(fields[2]);
      }));
    }
  }
  if (request.regions().empty())
    return ContentError(path, 0, "no COPY block of public.regions in it");
  if (request.ports().empty()) return ContentError(path, 0, "no COPY block of public.ports in it");
  return request;
}

absl::StatusOr<std::unique_ptr<DumpPriceSource>> DumpPriceSource::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<LineReader> reader, LineReader::Open(path));
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> line, reader->Next());
    if (!line) return ContentError(path, 0, "no COPY block of public.prices in it");
    const std::optional<CopyHeading> heading = ReadCopyHeading(*line);
    if (!heading || heading->table != "prices") continue;
    std::optional<std::vector<size_t>> columns =
        FindColumns(*heading, {"orig_code", "dest_code", "day", "price"});
    if (!columns) {
      return LineError(*reader, "expected the columns orig_code, dest_code, day and price");
    }
    return std::unique_ptr<DumpPriceSource>(
        new DumpPriceSource(std::move(reader), *std::move(columns)));
  }
}

absl::StatusOr<bool> DumpPriceSource::Next(PriceText& price) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> line, reader_->Next());
  if (!line) return LineError(*reader_, "the file ends inside a COPY block");
  if (*line == kEndOfBlock) return false;
  ASSIGN_OR_RETURN(Fields fields, ReadFields(*reader_, *line, columns_));
  price.origin = std::move(fields[0]);
  price.destination = std::move(fields[1]);
  price.day = std::move(fields[2]);
  if (!absl::SimpleAtoi(fields[3], &price.price)) {
    return LineError(*reader_, absl::StrCat("the price \"", fields[3], "\" is no whole number"));
  }
  return true;
}

}  // namespace fairway::cli
