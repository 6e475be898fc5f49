#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/field_bounds.h"

// Between messages and the bytes of a raw method (see unary.h).
namespace fairway::rpc {

inline absl::string_view ViewOf(const grpc::Slice& slice) {
  return absl::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

// Parses what gRPC received. INVALID_REQUEST when it is no such message, or beyond `bounds`.
template <typename Message>
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, absl::Span<const FieldBound> bounds,
                          Message& message) {
  grpc::Slice slice;
  if (!bytes.TrySingleSlice(&slice).ok() && !bytes.DumpToSingleSlice(&slice).ok()) {
    return InvalidRequestError("message", "it cannot be read");
  }
  const absl::string_view wire = ViewOf(slice);
  RETURN_IF_ERROR(CheckFieldBounds(wire, *Message::descriptor(), bounds));
  if (!message.ParseFromArray(wire.data(), static_cast<int>(wire.size()))) {
    return InvalidRequestError("message", "it cannot be parsed; is its text UTF-8?");
  }
  return absl::OkStatus();
}

// Writes `message` into a slice of its size.
template <typename Message>
grpc::Slice SerializeMessage(const Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return slice;
}

// Puts a message into the buffer that gRPC sends.
inline void PutMessage(const grpc::Slice& message, grpc::ByteBuffer& bytes) {
  grpc::ByteBuffer buffer(&message, 1);
  bytes.Swap(&buffer);
}

}  // namespace fairway::rpc
