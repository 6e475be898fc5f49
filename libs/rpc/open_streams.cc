#include "libs/rpc/open_streams.h"

#include "absl/time/clock.h"

namespace fairway::rpc {
namespace {

// A stream may go unread for this part of the limit longer.
constexpr int kLooksPerLimit = 8;

}  // namespace

OpenStreams::OpenStreams(int streams_max, absl::Duration unread_max)
    : streams_max_(static_cast<size_t>(streams_max)),
      unread_max_(unread_max),
      thread_([this] { Run(); }) {}

OpenStreams::~OpenStreams() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

bool OpenStreams::Enter(Stream* stream) {
  const std::lock_guard lock(mutex_);
  if (streams_.size() >= streams_max_) return false;
  streams_.insert(stream);
  return true;
}

void OpenStreams::Leave(Stream* stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

void OpenStreams::Run() {
  const auto interval = absl::ToChronoMilliseconds(unread_max_ / kLooksPerLimit);
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, interval,
                            [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return stop_; })) {
    const absl::Time since = absl::Now() - unread_max_;
    for (Stream* const stream : streams_) stream->EndIfUnread(since);
  }
}

}  // namespace fairway::rpc
