#include "services/cli/location_hint.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/port_code.h"

namespace fairway::cli {

absl::Status WithLocationHint(const absl::Status& error) {
  const ErrorDetails details = DetailsOf(error);
  if (details.reason != reasons::kLocationNotFound) return error;
  std::string message(error.message());
  for (const auto& [key, location] : details.metadata) {
    const std::string upper = absl::AsciiStrToUpper(location);
    if (key != "location" || upper == location || !PortCode::IsValid(upper)) continue;
    absl::StrAppend(&message, "; port codes are upper case: ", upper);
  }
  absl::StrAppend(&message, "; see fairway locations list");
  return MakeError(error.code(), message, details);
}

}  // namespace fairway::cli
