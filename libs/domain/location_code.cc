#include "libs/domain/location_code.h"

#include "libs/domain/errors.h"
#include "libs/domain/region_slug.h"

namespace fairway {

bool LocationCode::IsValid(absl::string_view text) {
  return PortCode::IsValid(text) || IsValidRegionSlug(text);
}

absl::StatusOr<LocationCode> LocationCode::Parse(absl::string_view field, absl::string_view text) {
  if (IsValid(text)) return LocationCode(text);
  return InvalidLocationError(
      field, text,
      "expected a port code (5 upper-case letters or digits, such as CNGGZ) "
      "or a region slug (63 characters at most, such as north_europe_main)");
}

}  // namespace fairway
