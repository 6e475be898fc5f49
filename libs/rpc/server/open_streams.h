#pragma once

#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/name_counts.h"
#include "libs/base/periodic_task.h"
#include "libs/domain/server_limits.h"

namespace fairway::rpc {

// Limits the server streams of one kind, in all and for each address and connection, and ends those
// that are not read: a stream whose client reads nothing keeps a message in memory, and what makes
// the next one (perhaps a version of the book). A stream that is read too slowly is ended when
// another one needs its place. Owns a thread and borrows the clock. Thread-safe; outlives its
// streams.
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

  OpenStreams(const Options& options, const Clock* clock);

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

  void EndThoseUnread();
  bool Fits(const Owner& owner, const Owner* leaving) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool EndOneFor(const Owner& owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(Streams::iterator stream) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const Clock& clock_;
  std::mutex mutex_;
  Streams streams_ ABSL_GUARDED_BY(mutex_);
  NameCounts by_address_ ABSL_GUARDED_BY(mutex_);
  NameCounts by_connection_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_search_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  PeriodicTask checks_;  // Last: it uses the rest.
};

}  // namespace fairway::rpc
