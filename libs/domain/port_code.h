#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace fairway {

// A UN/LOCODE: five upper-case letters or digits, such as CNGGZ. Always valid; a plain value.
class PortCode {
 public:
  static constexpr size_t kLength = 5;

  // INVALID_LOCATION, naming `field`, unless `text` has the form of a port code.
  static absl::StatusOr<PortCode> Parse(absl::string_view text, absl::string_view field = "code");
  static bool IsValid(absl::string_view text) {
    return text.size() == kLength && std::all_of(text.begin(), text.end(), [](char c) {
             return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
           });
  }

  absl::string_view view() const { return {code_.data(), kLength}; }
  std::string ToString() const { return std::string(view()); }

  friend auto operator<=>(const PortCode&, const PortCode&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const PortCode& code) {
    return H::combine_contiguous(std::move(state), code.code_.data(), kLength);
  }

 private:
  PortCode() = default;
  std::array<char, kLength> code_;
};

}  // namespace fairway
