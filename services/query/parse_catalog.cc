#include "services/query/parse_catalog.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/page_token.h"
#include "services/query/parse_consistency.h"

namespace fairway::query {
namespace {

absl::StatusOr<LocationFilterKind> ParseKind(int kind) {
  switch (kind) {
    case v1::LOCATION_KIND_UNSPECIFIED:
      return LocationFilterKind::kAny;
    case v1::LOCATION_KIND_PORT:
      return LocationFilterKind::kPorts;
    case v1::LOCATION_KIND_REGION:
      return LocationFilterKind::kRegions;
    default:
      return InvalidFilterError("kind", "not a known kind of location");
  }
}

// A port is no region, but not malformed either: LOCATION_NOT_FOUND, later.
absl::Status CheckRegion(absl::string_view code) {
  return code.empty() ? absl::OkStatus() : LocationCode::Parse("region", code).status();
}

}  // namespace

absl::StatusOr<LocationCode> ParseGetLocationRequest(const v1::GetLocationRequest& request) {
  return LocationCode::Parse("code", request.code());
}

absl::StatusOr<LocationListRequest> ParseLocationListRequest(
    const v1::ListLocationsRequest& request) {
  LocationListRequest list{.code_prefix = request.code_prefix(), .region = request.region()};
  FieldErrors errors;
  errors.SetOrAdd(ParsePageSize(request.page_size()), list.page_size);
  FieldErrors filter_errors;
  filter_errors.SetOrAdd(ParseKind(request.kind()), list.kind);
  filter_errors.Add(CheckRegion(request.region()));
  errors.Add(filter_errors.status());
  // A token is bound to the filters, so it is judged only where they are valid.
  if (filter_errors.empty() && !request.page_token().empty()) {
    errors.SetOrAdd(ParsePageToken(PageScopeOf(list), request.page_token()), list.after);
  }
  RETURN_IF_ERROR(errors.status());
  return list;
}

absl::StatusOr<VersionId> ParseWatchCommitsRequest(const v1::WatchCommitsRequest& request) {
  return ParseVersion("after_version", request.after_version(), request.after_version_id());
}

}  // namespace fairway::query
