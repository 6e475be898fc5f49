#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/name_counts.h"
#include "libs/domain/server_limits.h"

namespace fairway::rpc {

// Requests that are not whole yet. gRPC takes a message in as long as it is asked for one, and has
// no time limit for it: so only some are asked for at a time, of which one address has a part, and
// each ends in time. The others wait for their turn, the one first whose address has the fewest;
// what is received of them until then fits a window of HTTP/2. Owns a thread. Thread-safe;
// outlives its readers.
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

  explicit RequestReads(const Options& options);
  ~RequestReads();

  // Calls StartReading() now or later, or GiveUp(). `peer`: gRPC's name of the connection.
  void Enter(Reader& reader, const std::string& peer);
  // When something was read, or cannot be. False when the reader was given up, which ends its call.
  bool Leave(Reader& reader);
  // The same of a reader that was not asked to read yet, and false otherwise.
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

  void Run();
  std::list<GivenUp> TakeLate(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Fits(const std::string& address) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Begin(Entries& from, Entries::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginThoseThatFit() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(Reader& reader) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  Entries reading_ ABSL_GUARDED_BY(mutex_);  // The earliest first.
  NameCounts by_address_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Entries> waiting_ ABSL_GUARDED_BY(mutex_);  // By address; none is empty.
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::rpc
