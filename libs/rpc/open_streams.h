#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace fairway::rpc {

// The server streams of one kind: so many are open at most, and each is read. Of a stream whose
// client takes nothing, a message and what makes the next one (a version of the book, perhaps) stay
// in memory, so it is ended. Owns a thread. Thread-safe; outlives its streams.
class OpenStreams {
 public:
  class Stream {
   public:
    virtual ~Stream() = default;
    // Ends it when the message it sends has waited since before `since`, or it is past its deadline
    // while it does. Must not call back, nor block.
    virtual void EndIfUnread(absl::Time since) = 0;
  };

  OpenStreams(int streams_max, absl::Duration unread_max);
  ~OpenStreams();

  // False when as many are open as may be.
  bool Enter(Stream* stream);
  // After this, the stream is not called any more.
  void Leave(Stream* stream);

 private:
  void Run();

  const size_t streams_max_;
  const absl::Duration unread_max_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::unordered_set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::rpc
