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

}  // namespace

absl::StatusOr<LocationCode> ParseGetLocationRequest(const v1::GetLocationRequest& request) {
  return LocationCode::Parse("code", request.code());
}

absl::StatusOr<LocationListRequest> ParseLocationListRequest(
    const v1::ListLocationsRequest& request) {
  LocationListRequest list{.code_prefix = request.code_prefix(), .region = request.region()};
  FieldErrors errors;
  errors.SetOrAdd(ParsePageSize(request.page_size()), list.page_size);
  const auto kind = ParseKind(request.kind());
  errors.SetOrAdd(kind, list.kind);
  // A token is bound to the filters, so it is judged only where they are valid.
  if (kind.ok() && !request.page_token().empty()) {
    errors.SetOrAdd(ParsePageToken(PageScopeOf(list), request.page_token()), list.after);
  }
  RETURN_IF_ERROR(errors.status());
  return list;
}

absl::StatusOr<VersionId> ParseWatchCommitsRequest(const v1::WatchCommitsRequest& request) {
  return ParseVersion("after_version", request.after_version(), request.after_version_id());
}

}  // namespace fairway::query
