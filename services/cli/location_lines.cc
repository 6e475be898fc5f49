#include "services/cli/location_lines.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/price_files/line_errors.h"

namespace fairway::cli {
namespace {

// The line of "regions[3].parent"; 0 where it is not known.
int64_t LineOf(const price_files::LocationFile& file, absl::string_view field) {
  const bool is_region = absl::ConsumePrefix(&field, "regions[");
  if (!is_region && !absl::ConsumePrefix(&field, "ports[")) return 0;
  size_t place = 0;
  const auto& list = is_region ? file.regions : file.ports;
  if (!absl::SimpleAtoi(field.substr(0, field.find(']')), &place) || place >= list.size()) return 0;
  return list[place].line;
}

// How many fields are wrong that the service does not list.
int64_t UnlistedCount(const ErrorDetails& details) {
  int64_t count = 0;
  for (const auto& [key, value] : details.metadata) {
    if (key == "error_count" && !absl::SimpleAtoi(value, &count)) return 0;
  }
  return std::max<int64_t>(0, count - static_cast<int64_t>(details.field_violations.size()));
}

}  // namespace

absl::Status AtLines(const absl::Status& error, const std::string& path,
                     const price_files::LocationFile& file) {
  const ErrorDetails details = DetailsOf(error);
  if (details.field_violations.empty() ||
      (details.reason != reasons::kInvalidLocation && details.reason != reasons::kInvalidRequest)) {
    return error;
  }
  price_files::LineErrors errors(path);
  for (const FieldViolation& violation : details.field_violations) {
    errors.Add(LineOf(file, violation.field), violation.description);
  }
  errors.AddUnlisted(UnlistedCount(details));
  return errors.status();
}

}  // namespace fairway::cli
