#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fairway::rpc {

// How often a repeated field of a message may be there; elements of a packed one count each.
struct FieldBound {
  int number;
  int64_t max;
  absl::Status (*error)(int64_t count) = nullptr;  // INVALID_REQUEST with the field when null.
};

// Looks at a message before it is parsed, because two bytes on the wire may take fifty and more in
// memory: whether its repeated fields and those of its parts keep to `bounds` (its own, by number;
// a repeated field that is not listed may be there kOtherElementsMax times) and whether there are
// few fields that this release does not define. INVALID_REQUEST, also where the bytes are no
// message; what else is wrong is found by the parser.
absl::Status CheckFieldBounds(absl::string_view bytes, const google::protobuf::Descriptor& type,
                              absl::Span<const FieldBound> bounds);

inline constexpr int64_t kOtherElementsMax = 1'000;
inline constexpr int64_t kUnknownFieldsMax = 1'000;

}  // namespace fairway::rpc
