#include "libs/domain/region_slug.h"

#include <algorithm>

#include "absl/strings/ascii.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/port_code.h"

namespace fairway {

bool IsValidRegionSlug(absl::string_view text) {
  return !text.empty() && text.size() <= limits::kRegionSlugLengthMax &&
         absl::ascii_islower(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
         });
}

absl::Status CheckLocationForm(absl::string_view field, absl::string_view text) {
  if (PortCode::IsValid(text) || IsValidRegionSlug(text)) return absl::OkStatus();
  return InvalidLocationError(
      field, text,
      "expected a port code (5 upper-case letters or digits, such as CNGGZ) "
      "or a region slug (such as north_europe_main)");
}

}  // namespace fairway
