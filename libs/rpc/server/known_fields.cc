#include "libs/rpc/server/known_fields.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/message_walk.h"

namespace fairway::rpc {
namespace {

using wire::WireType;

class StrictVisitor {
 public:
  explicit StrictVisitor(size_t fields_max) : fields_max_(fields_max) {}

  absl::Status operator()(const WalkedField& field) {
    ++fields_;
    if (field.known == nullptr || IsGroup(field)) return Refuse(field, "is unknown here");
    if (field.again && !field.known->is_repeated()) return Refuse(field, "comes twice");
    if (field.wire.type != WireTypeOf(*field.known)) {
      if (field.wire.type != WireType::kBytes || !field.known->is_packable()) {
        return Refuse(field, "has another type here");
      }
      fields_ += PackedCount(*field.known, field.wire.bytes);
    }
    if (fields_ <= fields_max_) return absl::OkStatus();
    return InvalidRequestError(field.type.full_name(),
                               absl::StrCat("more than ", fields_max_, " fields"));
  }

 private:
  static bool IsGroup(const WalkedField& field) {
    return field.wire.type == WireType::kGroupBegin || field.wire.type == WireType::kGroupEnd;
  }
  static absl::Status Refuse(const WalkedField& field, absl::string_view why) {
    return InvalidRequestError(field.type.full_name(),
                               absl::StrCat("field ", field.wire.number, " ", why));
  }

  const size_t fields_max_;
  size_t fields_ = 0;
};

}  // namespace

absl::Status CheckKnownFields(const google::protobuf::Descriptor& type, absl::string_view bytes,
                              size_t fields_max) {
  StrictVisitor visitor(fields_max);
  return WalkMessage(type, bytes, visitor);
}

}  // namespace fairway::rpc
