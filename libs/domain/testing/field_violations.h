#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

#include "libs/domain/error_details.h"

namespace fairway {

// The fields that an error names, in order.
inline std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).field_violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

}  // namespace fairway
