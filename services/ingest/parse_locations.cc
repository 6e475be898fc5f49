#include "services/ingest/parse_locations.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/check_location.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

absl::Status CheckCount(int64_t count) {
  if (count == 0) return InvalidRequestError("regions", "there is nothing to import");
  if (count > limits::kImportLocationsMax) {
    return TooManyLocationsError(limits::kImportLocationsMax);
  }
  return absl::OkStatus();
}

absl::StatusOr<Region> ParseRegion(int place, const v1::Region& message) {
  RETURN_IF_ERROR(
      CheckRegion(absl::StrCat("regions[", place, "]"), message.slug(), message.name()));
  Region region{.slug = message.slug(), .name = message.name()};
  if (!message.parent().empty()) region.parent = message.parent();
  return region;
}

absl::StatusOr<Port> ParsePort(int place, const v1::Port& message) {
  RETURN_IF_ERROR(CheckPort(absl::StrCat("ports[", place, "]"), message.code(), message.name(),
                            message.parent()));
  ASSIGN_OR_RETURN(const PortCode code, PortCode::Parse(message.code()));
  return Port{.code = code, .name = message.name(), .parent = message.parent()};
}

}  // namespace

absl::StatusOr<LocationChanges> ParseImportLocationsRequest(
    const v1::ImportLocationsRequest& request) {
  RETURN_IF_ERROR(CheckCount(int64_t{request.regions_size()} + request.ports_size()));
  FieldErrors errors;
  LocationChanges changes;
  for (int i = 0; i < request.regions_size(); ++i) {
    absl::StatusOr<Region> region = ParseRegion(i, request.regions(i));
    errors.Add(region.status());
    if (region.ok()) changes.regions.push_back(*std::move(region));
  }
  for (int i = 0; i < request.ports_size(); ++i) {
    absl::StatusOr<Port> port = ParsePort(i, request.ports(i));
    errors.Add(port.status());
    if (port.ok()) changes.ports.push_back(*std::move(port));
  }
  RETURN_IF_ERROR(errors.status());
  return changes;
}

}  // namespace fairway::ingest
