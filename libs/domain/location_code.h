#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/domain/port_code.h"

namespace fairway {

// How a request names a location: a port code (CNGGZ) or a region slug (north_europe_main). Always
// of one of the two forms; whether there is such a location is for the location tree to say.
class LocationCode {
 public:
  // INVALID_LOCATION, naming `field`.
  static absl::StatusOr<LocationCode> Parse(absl::string_view field, absl::string_view text);
  static bool IsValid(absl::string_view text);
  explicit LocationCode(const PortCode& port) : text_(port.view()) {}

  const std::string& text() const { return text_; }
  bool is_port() const { return PortCode::IsValid(text_); }

  friend bool operator==(const LocationCode&, const LocationCode&) = default;

 private:
  explicit LocationCode(absl::string_view text) : text_(text) {}

  std::string text_;
};

}  // namespace fairway
