#include "libs/domain/port_code.h"

#include <algorithm>

#include "absl/strings/ascii.h"

#include "libs/domain/errors.h"

namespace fairway {

bool PortCode::IsValid(absl::string_view text) {
  return text.size() == kLength && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
         });
}

absl::StatusOr<PortCode> PortCode::Parse(absl::string_view text) {
  if (!IsValid(text)) {
    return InvalidLocationError("code", text, "a port code is 5 upper-case letters or digits");
  }
  PortCode code;
  std::copy(text.begin(), text.end(), code.code_.begin());
  return code;
}

}  // namespace fairway
