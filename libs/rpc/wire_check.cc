#include "libs/rpc/wire_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"

namespace fairway::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Deeper than any message of the contract.
constexpr int kDepthMax = 16;

enum RawWireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

absl::Status NoMessage() {
  return InvalidRequestError("message", "it cannot be parsed; is its text UTF-8?");
}

// Takes a varint from the front of `bytes`.
std::optional<uint64_t> TakeVarint(absl::string_view& bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < std::min<size_t>(bytes.size(), 10); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

// Takes the value of a field: its bytes when it has a length, else none.
std::optional<absl::string_view> TakeValue(uint64_t wire_type, absl::string_view& bytes) {
  size_t size = 0;
  switch (wire_type) {
    case kVarint:
      if (!TakeVarint(bytes)) return std::nullopt;
      return absl::string_view();
    case kFixed64:
      size = 8;
      break;
    case kFixed32:
      size = 4;
      break;
    case kBytes: {
      const std::optional<uint64_t> length = TakeVarint(bytes);
      if (!length) return std::nullopt;
      size = *length;
      break;
    }
    default:
      return std::nullopt;
  }
  if (size > bytes.size()) return std::nullopt;
  const absl::string_view value = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return value;
}

int64_t PackedElements(const FieldDescriptor& field, absl::string_view value) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return static_cast<int64_t>(value.size() / 8);
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return static_cast<int64_t>(value.size() / 4);
    default:  // Varints: each has one byte without the high bit.
      return std::count_if(value.begin(), value.end(), [](char byte) { return byte >= 0; });
  }
}

class WireChecker {
 public:
  WireChecker(const Descriptor& top, absl::Span<const FieldBound> bounds)
      : top_(&top), bounds_(bounds) {}

  absl::Status Check(absl::string_view bytes, const Descriptor& type, int depth) {
    if (depth > kDepthMax) return NoMessage();
    while (!bytes.empty()) {
      const std::optional<uint64_t> tag = TakeVarint(bytes);
      if (!tag || *tag >> 3 == 0 || *tag > UINT32_MAX) return NoMessage();
      const std::optional<absl::string_view> value = TakeValue(*tag & 7, bytes);
      if (!value) return NoMessage();
      const FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(*tag >> 3));
      RETURN_IF_ERROR(CheckField(field, (*tag & 7) == kBytes, *value, depth));
    }
    return absl::OkStatus();
  }
  // Once all is read, so that an error tells the whole count.
  absl::Status CheckCounts() const {
    if (unknown_ > kUnknownFieldsMax) {
      return InvalidRequestError("message", absl::StrCat(unknown_, " fields that are not known"));
    }
    for (const auto& [field, count] : counts_) {
      const FieldBound bound = BoundOf(*field);
      if (count <= bound.max) continue;
      if (bound.error != nullptr) return bound.error(count);
      return InvalidRequestError(std::string(field->name()),
                                 absl::StrCat(count, " of them; at most ", bound.max));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status CheckField(const FieldDescriptor* field, bool has_length, absl::string_view value,
                          int depth) {
    if (field == nullptr) {
      ++unknown_;
      return absl::OkStatus();
    }
    if (field->is_repeated()) {
      counts_[field] += has_length && field->is_packable() ? PackedElements(*field, value) : 1;
    }
    if (!has_length || field->type() != FieldDescriptor::TYPE_MESSAGE) return absl::OkStatus();
    return Check(value, *field->message_type(), depth + 1);
  }
  FieldBound BoundOf(const FieldDescriptor& field) const {
    const auto bound = std::find_if(bounds_.begin(), bounds_.end(), [&](const FieldBound& each) {
      return each.number == field.number();
    });
    const bool is_listed = bound != bounds_.end() && field.containing_type() == top_;
    return is_listed ? *bound : FieldBound{field.number(), kOtherElementsMax};
  }

  const Descriptor* const top_;
  const absl::Span<const FieldBound> bounds_;
  std::map<const FieldDescriptor*, int64_t> counts_;
  int64_t unknown_ = 0;
};

}  // namespace

absl::Status CheckWire(absl::string_view bytes, const Descriptor& type,
                       absl::Span<const FieldBound> bounds) {
  WireChecker checker(type, bounds);
  RETURN_IF_ERROR(checker.Check(bytes, type, 0));
  return checker.CheckCounts();
}

}  // namespace fairway::rpc
