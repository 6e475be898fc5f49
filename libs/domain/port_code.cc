#include "libs/domain/port_code.h"

#include <algorithm>

#include "libs/domain/errors.h"

namespace fairway {

absl::StatusOr<PortCode> PortCode::Parse(absl::string_view text, absl::string_view field) {
  if (!IsValid(text)) {
    return InvalidLocationError(field, text, "a port code is 5 upper-case letters or digits");
  }
  PortCode code;
  std::copy(text.begin(), text.end(), code.code_.begin());
  return code;
}

}  // namespace fairway
