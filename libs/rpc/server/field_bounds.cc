#include "libs/rpc/server/field_bounds.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/message_walk.h"

namespace fairway::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using wire::WireType;

class CountingVisitor {
 public:
  absl::Status operator()(const WalkedField& field) {
    const WireType type = field.wire.type;
    if (type == WireType::kGroupBegin || type == WireType::kGroupEnd) {
      return UnreadableError(field.type);
    }
    if (field.known == nullptr) {
      ++unknown_;
    } else if (field.known->is_repeated()) {
      const bool packed = type == WireType::kBytes && field.known->is_packable();
      CountOf(field.known) +=
          packed ? static_cast<int64_t>(PackedCount(*field.known, field.wire.bytes)) : 1;
    }
    return absl::OkStatus();
  }

  // Once all is read, so that an error has the whole count.
  absl::Status CheckCounts(const Descriptor& top, absl::Span<const FieldBound> bounds) const {
    if (unknown_ > kUnknownFieldsMax) {
      return InvalidRequestError("message", absl::StrCat(unknown_, " fields that are not known"));
    }
    for (const auto& [field, count] : counts_) {
      const FieldBound bound = BoundOf(*field, top, bounds);
      if (count <= bound.max) continue;
      if (bound.error != nullptr) return bound.error(count);
      return InvalidRequestError(std::string(field->name()),
                                 absl::StrCat(count, " of them; at most ", bound.max));
    }
    return absl::OkStatus();
  }

 private:
  int64_t& CountOf(const FieldDescriptor* field) {
    for (auto& [counted, count] : counts_) {
      if (counted == field) return count;
    }
    return counts_.emplace_back(field, 0).second;
  }
  static FieldBound BoundOf(const FieldDescriptor& field, const Descriptor& top,
                            absl::Span<const FieldBound> bounds) {
    const auto bound = std::find_if(bounds.begin(), bounds.end(), [&](const FieldBound& each) {
      return each.number == field.number();
    });
    const bool is_listed = bound != bounds.end() && field.containing_type() == &top;
    return is_listed ? *bound : FieldBound{field.number(), kOtherElementsMax};
  }

  // No request of the contract has more repeated fields, those of its parts included.
  absl::InlinedVector<std::pair<const FieldDescriptor*, int64_t>, 4> counts_;
  int64_t unknown_ = 0;
};

}  // namespace

absl::Status CheckFieldBounds(absl::string_view bytes, const Descriptor& type,
                              absl::Span<const FieldBound> bounds) {
  CountingVisitor visitor;
  RETURN_IF_ERROR(WalkMessage(type, bytes, visitor));
  return visitor.CheckCounts(type, bounds);
}

}  // namespace fairway::rpc
