#pragma once

#include <list>
#include <map>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/name_counts.h"
#include "libs/base/periodic_task.h"
#include "libs/domain/server_limits.h"

namespace fairway::rpc {

// Limits the requests that are being received, in number, for each address, and in time. gRPC
// buffers a message without a time limit once it was asked to read it, so only some are read at a
// time. The others wait for their turn; the address with the fewest reads comes first. What arrives
// of them meanwhile fits a window of HTTP/2. Owns a thread and borrows the clock.
// Thread-safe; outlives its readers.
class RequestReads {
  struct Entry;

 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // Asks gRPC for the message. Must not call back, nor block.
    virtual void StartReading() = 0;
    // Ends the call, for good: Leave() says so. DEADLINE_EXCEEDED or OVERLOADED.
    virtual void GiveUp(const absl::Status& why) = 0;

   private:
    friend class RequestReads;
    enum class State { kOut, kWaiting, kReading };
    State state_ = State::kOut;
    std::list<Entry>::iterator entry_;
  };
  struct Options {
    int reads_max;
    int per_address_max;  // The rest is kept for other addresses than one.
    absl::Duration time_max = limits::kRequestTimeMax;
    // How long a request may take at least, when others wait for its turn to end.
    absl::Duration grace = limits::kRequestGrace;
  };

  RequestReads(const Options& options, const Clock* clock);

  // Calls StartReading() now or later, or GiveUp(). `peer`: gRPC's name of the connection.
  void Enter(Reader& reader, const std::string& peer);
  // After a read, or a failed one. False when GiveUp() was called, which ends the call.
  bool Leave(Reader& reader);
  // The same for a reader that was not asked to read yet; false for any other.
  bool LeaveQueue(Reader& reader);

 private:
  struct Entry {
    Reader* reader;
    std::string address;
    absl::Time since;
  };
  struct GivenUp {
    Reader* reader;
    absl::Status why;
  };
  using Entries = std::list<Entry>;

  void EndThoseLate();
  std::list<GivenUp> TakeLate(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Fits(const std::string& address) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Begin(Entries& from, Entries::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginThoseThatFit() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(Reader& reader) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const Clock& clock_;
  std::mutex mutex_;
  Entries reading_ ABSL_GUARDED_BY(mutex_);  // The earliest first.
  NameCounts by_address_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Entries> waiting_ ABSL_GUARDED_BY(mutex_);  // By address; none is empty.
  PeriodicTask checks_;                                             // Last: it uses the rest.
};

}  // namespace fairway::rpc
