#include "libs/sql_dump/dump_content.h"

#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/domain/port_code.h"
#include "libs/domain/region_slug.h"
#include "libs/series/digest.h"
#include "libs/sql_dump/check_regions.h"
#include "libs/sql_dump/choose_schema.h"
#include "libs/sql_dump/dump_error.h"
#include "libs/sql_dump/price_row.h"
#include "libs/sql_dump/values.h"

namespace fairway::sql_dump {
namespace {

// The rows of one schema, as far as they have to be remembered.
class SchemaContent {
 public:
  // The errors know no line.
  absl::Status AddPrice(const DumpRow& row) {
    RETURN_IF_ERROR(ReadPriceRow(row, price_));
    if (digest_.row_count() == limits::kUploadRowsMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("more than ", limits::kUploadRowsMax, " prices, which no batch may hold"));
    }
    ASSIGN_OR_RETURN(const PortCode origin, PortCode::Parse(price_.origin));
    ASSIGN_OR_RETURN(const PortCode destination, PortCode::Parse(price_.destination));
    digest_.Add({origin, destination}, DayNumber(price_.day), static_cast<Price>(price_.price));
    RETURN_IF_ERROR(UsePort(origin, row.line));
    return UsePort(destination, row.line);
  }

  absl::Status AddLocation(const DumpRow& row) {
    DumpLocation location = {.line = row.line};
    ASSIGN_OR_RETURN(const absl::string_view code, ReadText(*row.fields[0], *row.types[0]));
    ASSIGN_OR_RETURN(const absl::string_view name, ReadText(*row.fields[1], *row.types[1]));
    location.code = std::string(code);
    location.name = std::string(name);
    if (!row.fields[2]->is_null) {
      ASSIGN_OR_RETURN(const absl::string_view parent, ReadText(*row.fields[2], *row.types[2]));
      if (parent.empty()) return absl::InvalidArgumentError("an empty parent_slug");
      location.parent = std::string(parent);
    }
    const bool is_port = row.role == Role::kPorts;
    RETURN_IF_ERROR(Check(location, is_port));
    (is_port ? ports_ : regions_).push_back(std::move(location));
    return absl::OkStatus();
  }

  // What only all rows together show; with the line to blame.
  std::pair<absl::Status, int64_t> CheckAll() const {
    std::pair<absl::Status, int64_t> first = CheckRegions(regions_, ports_);
    if (!first.first.ok()) return first;
    for (const auto& [port, line] : used_ports_) {
      if (codes_.contains(port.view()) || (first.second > 0 && first.second <= line)) continue;
      first = {absl::InvalidArgumentError(absl::StrCat("the dump has no port ", port.view())),
               line};
    }
    return first;
  }

  DumpContent Take(SchemaKey schema) {
    return {.schema = std::move(schema),
            .regions = std::move(regions_),
            .ports = std::move(ports_),
            .price_count = digest_.row_count(),
            .digest = digest_.ToString()};
  }

 private:
  absl::Status Check(const DumpLocation& location, bool is_port) {
    const bool is_form_right =
        is_port ? PortCode::IsValid(location.code) : IsValidRegionSlug(location.code);
    if (!is_form_right) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", location.code, "\" is no ", is_port ? "port code" : "region slug"));
    }
    if (location.name.empty() || location.name.size() > limits::kLocationNameBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat("the name of ", location.code,
                                                     " has not 1 to ",
                                                     limits::kLocationNameBytesMax, " bytes"));
    }
    if (is_port && location.parent.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("the port ", location.code, " has no parent"));
    }
    if (!codes_.insert(location.code).second) {
      return absl::InvalidArgumentError(absl::StrCat(location.code, " is there twice"));
    }
    if (codes_.size() > limits::kImportLocationsMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("more than ", limits::kImportLocationsMax, " regions and ports"));
    }
    return absl::OkStatus();
  }

  absl::Status UsePort(const PortCode& port, int64_t line) {
    used_ports_.try_emplace(port, line);
    if (used_ports_.size() <= limits::kImportLocationsMax) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("prices of more than ", limits::kImportLocationsMax, " ports"));
  }

  DumpPrice price_;
  std::vector<DumpLocation> regions_;
  std::vector<DumpLocation> ports_;
  absl::flat_hash_set<std::string> codes_;
  absl::flat_hash_map<PortCode, int64_t> used_ports_;  // And the line that names each first.
  ContentDigest digest_;
};

}  // namespace

absl::StatusOr<DumpContent> ReadDumpContent(TextSource& source) {
  DumpReader reader(source);
  DumpState& state = reader.state();
  std::map<SchemaKey, SchemaContent> contents;
  DumpRow row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.Next(row));
    if (!more) break;
    SchemaContent& content = contents[*row.schema];
    const absl::Status added =
        row.role == Role::kPrices ? content.AddPrice(row) : content.AddLocation(row);
    if (!added.ok()) {
      state.Block({row.schema->schema, std::string(NameOfRole(row.role))}, added.message(),
                  row.line);
    }
  }
  ASSIGN_OR_RETURN(SchemaKey key, ChooseSchema(state));
  if (const auto& obstacle = state.schemas[key].obstacle) return *obstacle;
  SchemaContent& content = contents[key];
  const auto [status, line] = content.CheckAll();
  if (!status.ok()) return DumpError(source.name(), line, status.message());
  return content.Take(std::move(key));
}

absl::StatusOr<bool> DumpPrices::Next(DumpPrice& price) {
  DumpRow row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader_.Next(row));
    if (!more) return false;
    if (row.role != Role::kPrices || *row.schema != schema_) continue;
    const absl::Status read = ReadPriceRow(row, price);
    if (!read.ok()) return DumpError(reader_.state().name, row.line, read.message());
    return true;
  }
}

}  // namespace fairway::sql_dump
