#include "services/cli/location_file.h"

#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/csv_reader.h"
#include "services/cli/exit_code.h"
#include "services/cli/utf8.h"

namespace fairway::cli {
namespace {

constexpr const char* kLocationColumns[] = {"kind", "code", "name", "parent"};

absl::Status LocationError(const CsvReader& reader, absl::string_view what) {
  return ContentError(reader.lines().path(), reader.line(), what);
}

absl::Status AddLocation(const CsvReader& reader, v1::ImportLocationsRequest& request) {
  std::vector<std::string> fields;
  for (const CsvValue& value : reader.values()) {
    if (!IsUtf8(value.text)) {
      return LocationError(
          reader, absl::StrCat("the ", kLocationColumns[fields.size()], " \"",
                               ShownText(value.text), "\" is not UTF-8: save the file as UTF-8"));
    }
    fields.emplace_back(value.text);
  }
  const auto fill = [&](auto* location) {
    location->set_name(fields[2]);
    location->set_parent(fields[3]);
    return absl::OkStatus();
  };
  if (fields[0] == "region") {
    v1::Region* region = request.add_regions();
    region->set_slug(fields[1]);
    return fill(region);
  }
  if (fields[0] == "port") {
    v1::Port* port = request.add_ports();
    port->set_code(fields[1]);
    return fill(port);
  }
  return LocationError(
      reader, absl::StrCat("the kind is region or port, not \"", ShownText(fields[0]), "\""));
}

}  // namespace

absl::StatusOr<v1::ImportLocationsRequest> ReadLocationFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(bytes),
                                   {std::begin(kLocationColumns), std::end(kLocationColumns)}));
  v1::ImportLocationsRequest request;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->Next());
    if (!more) return request;
    if (!reader->fault().empty()) return LocationError(*reader, reader->fault());
    if (reader->ends_early()) {
      return LocationError(*reader,
                           "it has fewer fields than the heading: kind, code, name, parent");
    }
    RETURN_IF_ERROR(AddLocation(*reader, request));
  }
}

}  // namespace fairway::cli
