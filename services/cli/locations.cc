#include "services/cli/locations.h"

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"

#include "libs/base/status_macros.h"
#include "services/cli/location_lines.h"
#include "services/cli/locations_client.h"
#include "services/cli/shell/output.h"

namespace fairway::cli::locations {
namespace {

struct Options {
  std::string prefix;
  std::string region;
  std::string kind;
  std::string file;
  bool json = false;
};

std::string KindOf(const v1::Location& location) {
  return absl::AsciiStrToLower(EnumName(location.kind()));
}

absl::Status List(Session& session, const Options& options) {
  v1::ListLocationsRequest request;
  request.set_code_prefix(options.prefix);
  request.set_region(options.region);
  if (options.kind == "port") request.set_kind(v1::LOCATION_KIND_PORT);
  if (options.kind == "region") request.set_kind(v1::LOCATION_KIND_REGION);
  ASSIGN_OR_RETURN(const std::vector<v1::Location> locations, ListAllLocations(session, request));
  if (options.json) {
    v1::ListLocationsResponse all;
    all.mutable_locations()->Assign(locations.begin(), locations.end());
    PrintJson(all);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows = {{"CODE", "KIND", "NAME", "PARENT", "PORTS"}};
  for (const v1::Location& location : locations) {
    rows.push_back({location.code(), KindOf(location), location.name(), location.parent(),
                    FormatCount(location.port_count())});
  }
  std::cout << FormatTable(rows);
  return absl::OkStatus();
}

using ChildrenByParent = std::multimap<std::string, v1::Location>;

void PrintBelow(const ChildrenByParent& children, const std::string& parent, int depth) {
  const auto [begin, end] = children.equal_range(parent);
  for (auto child = begin; child != end; ++child) {
    const v1::Location& location = child->second;
    const bool is_port = location.kind() == v1::LOCATION_KIND_PORT;
    std::cout << std::string(static_cast<size_t>(depth) * 2, ' ') << location.code() << "  "
              << location.name();
    if (!is_port) std::cout << " (" << FormatCount(location.port_count(), "port") << ")";
    std::cout << "\n";
    if (!is_port) PrintBelow(children, location.code(), depth + 1);
  }
}

// The tree of a port is the port itself. `not_found` if `name` is not a port.
absl::Status PrintPort(Session& session, const std::string& name, const absl::Status& not_found) {
  v1::GetLocationRequest request;
  request.set_code(name);
  const absl::StatusOr<v1::GetLocationResponse> found =
      session.Call(&QueryStub::GetLocation, request);
  if (!found.ok() || found->location().kind() != v1::LOCATION_KIND_PORT) return not_found;
  const v1::Location& port = found->location();
  std::cout << port.code() << "  " << port.name() << ", a port in " << port.parent() << "\n";
  return absl::OkStatus();
}

absl::Status Tree(Session& session, const Options& options) {
  v1::ListLocationsRequest request;
  request.set_region(options.region);
  const absl::StatusOr<std::vector<v1::Location>> listed = ListAllLocations(session, request);
  if (absl::IsNotFound(listed.status())) {
    return PrintPort(session, options.region, listed.status());
  }
  RETURN_IF_ERROR(listed.status());
  const std::vector<v1::Location>& locations = *listed;
  ChildrenByParent children;
  for (const v1::Location& location : locations) children.emplace(location.parent(), location);
  if (!options.region.empty()) std::cout << options.region << "\n";
  PrintBelow(children, options.region, options.region.empty() ? 0 : 1);
  return absl::OkStatus();
}

absl::Status Import(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const price_files::LocationFile file,
                   price_files::ReadLocationFile(options.file));
  const v1::ImportLocationsRequest request = ImportRequestOf(file);
  const absl::StatusOr<v1::ImportLocationsResponse> response =
      session.Call(&IngestStub::ImportLocations, request);
  if (!response.ok()) return AtLines(response.status(), options.file, file);
  if (options.json) {
    PrintJson(*response);
    return absl::OkStatus();
  }
  std::cout << FormatCount(response->added_count(), "location") << " added, "
            << FormatCount(response->changed_count()) << " changed, "
            << FormatCount(response->unchanged_count()) << " unchanged; version "
            << response->dataset_version() << " (rates: --at-least " << response->dataset_version()
            << ")\n";
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* locations = app.add_subcommand(
      "locations",
      "The ports and regions of prices and queries.\nExample: fairway locations tree europe");
  locations->require_subcommand(1);
  CLI::App* list = locations->add_subcommand("list", "Ports and regions by code");
  list->add_option("--prefix", options->prefix, "Only codes with this prefix, such as CN");
  list->add_option("--region", options->region, "Only locations below this region");
  list->add_option("--kind", options->kind, "Only this kind")
      ->check(CLI::IsMember({"port", "region"}));
  CLI::App* tree = locations->add_subcommand("tree", "Regions and their ports as a tree");
  tree->add_option("region", options->region, "Only below this region");
  CLI::App* import = locations->add_subcommand(
      "import",
      "Adds or changes regions and ports, all of them or none. CSV with the columns "
      "kind,code,name,parent; the kind is region or port");
  import->add_option("file", options->file, "FILE.csv")->required();
  list->add_flag("--json", options->json, "Print replies as JSON");
  import->add_flag("--json", options->json, "Print the reply as JSON");
  session.OnCommand(list, [&session, options] { return List(session, *options); });
  session.OnCommand(tree, [&session, options] { return Tree(session, *options); });
  session.OnCommand(import, [&session, options] { return Import(session, *options); });
}

}  // namespace fairway::cli::locations
