#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::rpc {

// Looks at an encoded message of `type` before it is parsed, strictly, without allocating anything.
// INVALID_REQUEST, which names the message and the field, for a field that is unknown here, has
// another type or comes twice, for bytes that are no message, and for more than `fields_max` fields
// at all depths, each packed number counted as one: a message takes about 100 bytes of memory for
// each field besides its own length. Text that is not UTF-8 is found by the parser alone.
absl::Status CheckKnownFields(const google::protobuf::Descriptor& type, absl::string_view bytes,
                              size_t fields_max = std::numeric_limits<size_t>::max());

}  // namespace fairway::rpc
