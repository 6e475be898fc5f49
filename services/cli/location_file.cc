#include "services/cli/location_file.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/csv.h"
#include "services/cli/exit_code.h"
#include "services/cli/line_reader.h"

namespace fairway::cli {
namespace {

bool AddLocation(const std::vector<std::string>& fields, const std::vector<size_t>& columns,
                 v1::ImportLocationsRequest& request) {
  if (*std::max_element(columns.begin(), columns.end()) >= fields.size()) return false;
  const auto fill = [&](auto* location) {
    location->set_name(fields[columns[2]]);
    location->set_parent(fields[columns[3]]);
  };
  const std::string& kind = fields[columns[0]];
  if (kind == "region") {
    v1::Region* region = request.add_regions();
    region->set_slug(fields[columns[1]]);
    fill(region);
  } else if (kind == "port") {
    v1::Port* port = request.add_ports();
    port->set_code(fields[columns[1]]);
    fill(port);
  } else {
    return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<v1::ImportLocationsRequest> ReadLocationFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LineReader> reader, LineReader::Open(path));
  ASSIGN_OR_RETURN(std::optional<absl::string_view> line, reader->Next());
  if (!line) return ContentError(path, 0, "it is empty");
  const auto columns = FindColumns(*line, {"kind", "code", "name", "parent"});
  if (!columns.ok()) return ContentError(path, 1, columns.status().message());
  v1::ImportLocationsRequest request;
  std::vector<std::string> fields;
  while (true) {
    ASSIGN_OR_RETURN(line, reader->Next());
    if (!line) return request;
    if (line->empty()) continue;
    if (!SplitCsv(*line, fields) || !AddLocation(fields, *columns, request)) {
      return ContentError(path, reader->line_number(),
                          "expected kind (region or port), code, name and parent");
    }
  }
}

}  // namespace fairway::cli
