#include "libs/rpc/message_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/wire/field_reader.h"

namespace fairway::rpc {
namespace {

using google::protobuf::Descriptor;
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

// How many numbers a packed field holds; at most, for those of fixed size.
size_t PackedCount(const FieldDescriptor& field, absl::string_view bytes) {
  const WireType type = WireTypeOf(field);
  if (type == WireType::kVarint) return wire::CountVarints(bytes);
  return bytes.size() / (type == WireType::kFixed64 ? 8 : 4);
}

class Checker {
 public:
  explicit Checker(const MessageRules& rules) : rules_(rules) {}

  absl::Status Check(const Descriptor& type, absl::string_view bytes, int depth) {
    if (depth > kDepthMax) return Refuse(type, "its messages are nested too deep");
    wire::FieldReader reader(bytes);
    wire::Field field;
    uint64_t seen = 0;  // Numbers below 64: this contract has no others.
    int groups = 0;     // That are open; what they hold belongs to them.
    while (reader.Next(field)) {
      if (++fields_ > static_cast<size_t>(rules_.fields_max)) return TooManyFields(type);
      const FieldDescriptor* known = type.FindFieldByNumber(static_cast<int>(field.number));
      groups += field.type == WireType::kGroupBegin ? 1
                : field.type == WireType::kGroupEnd ? -1
                                                    : 0;
      if (groups != 0 || field.type == WireType::kGroupEnd || known == nullptr) {
        RETURN_IF_ERROR(CheckUnknown(type, field));
        continue;
      }
      const uint64_t bit = field.number < 64 ? uint64_t{1} << field.number : 0;
      if ((seen & bit) != 0 && !known->is_repeated() && !rules_.repetition_allowed) {
        return Refuse(type, absl::StrCat("field ", field.number, " comes twice"));
      }
      seen |= bit;
      RETURN_IF_ERROR(CheckKnown(type, *known, field, depth));
    }
    return reader.malformed() ? Refuse(type, "it cannot be parsed") : absl::OkStatus();
  }

 private:
  // As deep as the parser goes.
  static constexpr int kDepthMax = 100;

  static absl::Status Refuse(const Descriptor& type, absl::string_view why) {
    return InvalidRequestError(type.full_name(), why);
  }

  absl::Status TooManyFields(const Descriptor& type) const {
    return Refuse(type, absl::StrCat("more than ", rules_.fields_max, " fields"));
  }

  absl::Status CheckUnknown(const Descriptor& type, const wire::Field& field) const {
    if (rules_.unknown_fields_allowed) return absl::OkStatus();
    return Refuse(type, absl::StrCat("field ", field.number, " is unknown here"));
  }

  absl::Status CheckKnown(const Descriptor& type, const FieldDescriptor& known,
                          const wire::Field& field, int depth) {
    const WireType expected = WireTypeOf(known);
    if (field.type == expected) {
      if (known.message_type() == nullptr) return absl::OkStatus();
      return Check(*known.message_type(), field.bytes, depth + 1);
    }
    if (field.type == WireType::kBytes && known.is_packable()) {
      fields_ += PackedCount(known, field.bytes);
      return fields_ > static_cast<size_t>(rules_.fields_max) ? TooManyFields(type)
                                                              : absl::OkStatus();
    }
    if (rules_.unknown_fields_allowed) return absl::OkStatus();
    return Refuse(type, absl::StrCat("field ", field.number, " has another type here"));
  }

  const MessageRules rules_;
  size_t fields_ = 0;
};

}  // namespace

absl::Status CheckMessage(const Descriptor& type, absl::string_view bytes,
                          const MessageRules& rules) {
  return Checker(rules).Check(type, bytes, /*depth=*/0);
}

}  // namespace fairway::rpc
