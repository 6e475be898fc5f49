#pragma once

#include <google/protobuf/arena.h>

#include <algorithm>
#include <cstddef>
#include <memory>

namespace fairway::rpc {

// A message that is read into again and again, on an arena of its own: what its rows and strings
// took is given back at once rather than one by one, and used for the next. Keeps as much memory as
// the largest message so far has taken, kBlockBytesMax at most. One thread at a time.
template <typename Message>
class ArenaMessage {
 public:
  // An empty message; the one before is gone.
  Message* Renew() {
    const size_t wanted = arena_ == nullptr ? 0 : std::min(Used(), kBlockBytesMax);
    if (arena_ == nullptr || wanted > block_bytes_) {
      Allocate(std::max(wanted, kBlockBytesMin));
    } else {
      arena_->Reset();
    }
    message_ = google::protobuf::Arena::CreateMessage<Message>(arena_.get());
    return message_;
  }

  const Message* get() const { return message_; }

 private:
  static constexpr size_t kBlockBytesMin = size_t{16} << 10;
  // A chunk of rows of the greatest size a message may have takes about four times that.
  static constexpr size_t kBlockBytesMax = size_t{16} << 20;

  size_t Used() const { return static_cast<size_t>(arena_->SpaceAllocated()); }

  void Allocate(size_t bytes) {
    arena_.reset();
    block_.reset(new char[bytes]);
    block_bytes_ = bytes;
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.get();
    options.initial_block_size = block_bytes_;
    options.max_block_size = size_t{256} << 10;
    arena_ = std::make_unique<google::protobuf::Arena>(options);
  }

  std::unique_ptr<char[]> block_;
  size_t block_bytes_ = 0;
  std::unique_ptr<google::protobuf::Arena> arena_;
  Message* message_ = nullptr;
};

}  // namespace fairway::rpc
