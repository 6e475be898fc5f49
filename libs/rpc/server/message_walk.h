#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "libs/wire/field_reader.h"

namespace fairway::rpc {

// A field that WalkMessage() came across.
struct WalkedField {
  const google::protobuf::Descriptor& type;        // Of the message it is in.
  const google::protobuf::FieldDescriptor* known;  // Null when `type` does not have it.
  const wire::Field& wire;
  bool again;  // The same message had it before. For numbers below 64; the contract has no others.
};

// The type on the wire of a field that is not packed.
wire::WireType WireTypeOf(const google::protobuf::FieldDescriptor& field);

// How many elements a packed field holds.
size_t PackedCount(const google::protobuf::FieldDescriptor& field, absl::string_view packed);

// INVALID_REQUEST: the bytes are no message of `type`.
absl::Status UnreadableError(const google::protobuf::Descriptor& type);

// Walks an encoded message of `type` and the messages in it, in the order of their bytes, without
// allocating anything. Calls `visit(const WalkedField&) -> absl::Status` for each field and ends at
// its first error; UnreadableError() where the bytes are no message. Groups are not entered:
// `visit` refuses them.
template <typename Visit>
absl::Status WalkMessage(const google::protobuf::Descriptor& type, absl::string_view bytes,
                         Visit& visit, int depth = 0) {
  constexpr int kDepthMax = 16;  // Deeper than any message of the contract.
  if (depth > kDepthMax) return UnreadableError(type);
  wire::FieldReader reader(bytes);
  wire::Field field;
  uint64_t seen = 0;
  while (reader.Next(field)) {
    const auto* known = type.FindFieldByNumber(static_cast<int>(field.number));
    const uint64_t bit = field.number < 64 ? uint64_t{1} << field.number : 0;
    RETURN_IF_ERROR(visit(WalkedField{type, known, field, (seen & bit) != 0}));
    seen |= bit;
    if (known != nullptr && known->message_type() != nullptr &&
        field.type == wire::WireType::kBytes) {
      RETURN_IF_ERROR(WalkMessage(*known->message_type(), field.bytes, visit, depth + 1));
    }
  }
  return reader.malformed() ? UnreadableError(type) : absl::OkStatus();
}

}  // namespace fairway::rpc
