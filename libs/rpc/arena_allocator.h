#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/message_allocator.h>

#include <array>
#include <memory>
#include <mutex>
#include <vector>

namespace fairway::rpc {

// Gives the calls of a unary method their request and response on an arena, and keeps arenas for
// the calls that follow: a reply of many small messages costs no allocation. For methods that are
// called very often. Must outlive its server. Thread-safe.
template <typename Request, typename Response>
class ArenaAllocator final : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override {
    std::unique_ptr<Messages> messages = TakeIdle();
    if (messages == nullptr) messages = std::make_unique<Messages>(this);
    messages->Begin();
    return messages.release();  // Release() brings it back.
  }

 private:
  // Most replies fit; those that do not take further blocks.
  static constexpr size_t kBlockBytes = 8 << 10;
  // As many calls as may run at a time without allocating anything.
  static constexpr size_t kIdleMax = 1024;

  class Messages final : public grpc::MessageHolder<Request, Response> {
   public:
    explicit Messages(ArenaAllocator* owner) : owner_(owner), arena_(Options()) {}

    void Begin() {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }

    void Release() override {
      arena_.Reset();
      owner_->PutIdle(std::unique_ptr<Messages>(this));
    }

   private:
    google::protobuf::ArenaOptions Options() {
      google::protobuf::ArenaOptions options;
      options.initial_block = block_.data();
      options.initial_block_size = block_.size();
      return options;
    }

    ArenaAllocator* const owner_;
    alignas(std::max_align_t) std::array<char, kBlockBytes> block_;
    google::protobuf::Arena arena_;
  };

  std::unique_ptr<Messages> TakeIdle() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<Messages> messages = std::move(idle_.back());
    idle_.pop_back();
    return messages;
  }

  void PutIdle(std::unique_ptr<Messages> messages) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(messages));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Messages>> idle_;
};

}  // namespace fairway::rpc
