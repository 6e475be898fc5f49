#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

#include "libs/base/name_counts.h"
#include "libs/domain/server_limits.h"

namespace fairway::rpc {

// The server streams of one kind: so many are open at most, nobody has all of them, and each is
// read. Of a stream whose client takes nothing, a message and what makes the next one (a version of
// the book, perhaps) stay in memory, so it is ended; one that is read too slowly is ended where
// another one needs its place. Owns a thread. Thread-safe; outlives its streams.
class OpenStreams {
 public:
  class Stream {
   public:
    virtual ~Stream() = default;
    // Ends it when the message it sends has waited since before `since`, or it is past its deadline
    // while it does. Must not call back, nor block.
    virtual void EndIfUnread(absl::Time since) = 0;
    // How far its client is behind the pace at which it must read; see ReadingPace.
    virtual absl::Duration BehindAt(absl::Time now) const = 0;
    // Ends it, because its place goes to another one. Must not call back, nor block.
    virtual void MakeRoom() = 0;
  };
  struct Options {
    int streams_max;
    // The rest is kept for other addresses, or other connections, than one.
    int per_address_max;
    int per_connection_max;
    absl::Duration unread_max = limits::kUnreadTimeMax;
    absl::Duration behind_max = limits::kReadBehindMax;
  };

  explicit OpenStreams(const Options& options);
  ~OpenStreams();

  // `peer`: gRPC's name of the client's connection. False when there is no place for it: as many
  // are open as may be, in all or of its address or connection, and each of those that could make
  // room is read well, or belongs to an address that has fewer.
  bool Enter(Stream* stream, const std::string& peer);
  // After this, the stream is not called any more.
  void Leave(Stream* stream);

 private:
  struct Owner {
    std::string address;
    std::string connection;
  };
  using Streams = absl::flat_hash_map<Stream*, Owner>;

  void Run();
  bool Fits(const Owner& owner, const Owner* leaving) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool EndOneFor(const Owner& owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(Streams::iterator stream) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  Streams streams_ ABSL_GUARDED_BY(mutex_);
  NameCounts by_address_ ABSL_GUARDED_BY(mutex_);
  NameCounts by_connection_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_search_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::rpc
