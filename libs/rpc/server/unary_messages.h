#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/field_bounds.h"

namespace fairway::rpc {

// Parses what gRPC received. INVALID_REQUEST when it is no such message, or beyond `bounds`.
template <typename Message>
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, absl::Span<const FieldBound> bounds,
                          Message& message) {
  grpc::Slice slice;
  if (!bytes.TrySingleSlice(&slice).ok() && !bytes.DumpToSingleSlice(&slice).ok()) {
    return InvalidRequestError("message", "it cannot be read");
  }
  const absl::string_view wire(reinterpret_cast<const char*>(slice.begin()), slice.size());
  RETURN_IF_ERROR(CheckFieldBounds(wire, *Message::descriptor(), bounds));
  if (!message.ParseFromArray(wire.data(), static_cast<int>(wire.size()))) {
    return InvalidRequestError("message", "it cannot be parsed; is its text UTF-8?");
  }
  return absl::OkStatus();
}

// Writes `message` into a buffer of its size.
template <typename Message>
void SerializeMessage(const Message& message, grpc::ByteBuffer& bytes) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  bytes = grpc::ByteBuffer(&slice, 1);
}

// The request and the reply of one call, on an arena.
template <typename Request, typename Response>
class UnaryMessages {
 public:
  UnaryMessages() : arena_(Options()) { Renew(); }

  const Request& request() const { return *request_; }
  Request& request() { return *request_; }
  Response& response() { return *response_; }

  // Empty messages; those before are gone, and so is what they took beyond the first block.
  void Renew() {
    arena_.Reset();
    request_ = google::protobuf::Arena::CreateMessage<Request>(&arena_);
    response_ = google::protobuf::Arena::CreateMessage<Response>(&arena_);
  }

 private:
  // Most replies fit; those that do not take further blocks.
  static constexpr size_t kBlockBytes = 8 << 10;

  google::protobuf::ArenaOptions Options() {
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.data();
    options.initial_block_size = block_.size();
    return options;
  }

  alignas(std::max_align_t) std::array<char, kBlockBytes> block_;
  google::protobuf::Arena arena_;
  Request* request_ = nullptr;
  Response* response_ = nullptr;
};

// Keeps the messages of calls that ended for the calls that follow: a reply of many small messages
// costs no allocation. Outlives its messages. Thread-safe.
template <typename Request, typename Response>
class UnaryMessagePool {
 public:
  using Messages = UnaryMessages<Request, Response>;
  struct PutBack {
    UnaryMessagePool* pool = nullptr;
    void operator()(Messages* messages) const { pool->Put(std::unique_ptr<Messages>(messages)); }
  };
  using Lease = std::unique_ptr<Messages, PutBack>;

  Lease Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Lease messages(idle_.back().release(), PutBack{this});
        idle_.pop_back();
        return messages;
      }
    }
    return Lease(new Messages(), PutBack{this});
  }

 private:
  // As many calls as may run at a time without allocating anything.
  static constexpr size_t kIdleMax = 1024;

  void Put(std::unique_ptr<Messages> messages) {
    messages->Renew();
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(messages));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Messages>> idle_;
};

}  // namespace fairway::rpc
