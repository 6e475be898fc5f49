#include "libs/rpc/server/message_walk.h"

#include "libs/domain/errors.h"

namespace fairway::rpc {

using google::protobuf::FieldDescriptor;
using wire::WireType;

WireType WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::kFixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::kFixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::kBytes;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::kGroupBegin;
    default:
      return WireType::kVarint;
  }
}

size_t PackedCount(const FieldDescriptor& field, absl::string_view packed) {
  const WireType type = WireTypeOf(field);
  if (type == WireType::kVarint) return wire::CountVarints(packed);
  return packed.size() / (type == WireType::kFixed64 ? 8 : 4);
}

absl::Status UnreadableError(const google::protobuf::Descriptor& type) {
  return InvalidRequestError(type.full_name(), "it cannot be parsed");
}

}  // namespace fairway::rpc
