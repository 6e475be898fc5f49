#include "services/ingest/parse_locations.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/region_slug.h"

namespace fairway::ingest {
namespace {

absl::Status CheckCount(int64_t count) {
  if (count == 0) return InvalidRequestError("regions", "there is nothing to import");
  if (count > limits::kImportLocationsMax) {
    return TooManyLocationsError(limits::kImportLocationsMax);
  }
  return absl::OkStatus();
}

// `list`: the field of the request, "regions" or "ports". `code`: of the location with this name.
absl::Status CheckName(absl::string_view list, int place, absl::string_view code,
                       absl::string_view name) {
  const auto refuse = [&](absl::string_view why) {
    return InvalidRequestError(absl::StrCat(list, "[", place, "].name"),
                               absl::StrCat("the name of ", code, " ", why));
  };
  if (name.empty()) return refuse("is empty");
  if (name.size() > limits::kLocationNameBytesMax) {
    return refuse(absl::StrCat("is longer than ", limits::kLocationNameBytesMax, " bytes"));
  }
  if (name.find('\0') != absl::string_view::npos) return refuse("holds a NUL");
  return absl::OkStatus();
}

absl::StatusOr<Region> ParseRegion(int place, const v1::Region& message) {
  FieldErrors errors;
  errors.Add(CheckRegionSlug(absl::StrCat("regions[", place, "].slug"), message.slug()));
  errors.Add(CheckName("regions", place, message.slug(), message.name()));
  RETURN_IF_ERROR(errors.status());
  Region region{.slug = message.slug(), .name = message.name()};
  if (!message.parent().empty()) region.parent = message.parent();
  return region;
}

absl::StatusOr<Port> ParsePort(int place, const v1::Port& message) {
  FieldErrors errors;
  const absl::StatusOr<PortCode> code = PortCode::Parse(message.code());
  if (!code.ok()) {
    errors.Add(InvalidLocationError(absl::StrCat("ports[", place, "].code"), message.code(),
                                    "a port code is 5 upper-case letters or digits"));
  }
  errors.Add(CheckName("ports", place, message.code(), message.name()));
  RETURN_IF_ERROR(errors.status());
  return Port{.code = *code, .name = message.name(), .parent = message.parent()};
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
