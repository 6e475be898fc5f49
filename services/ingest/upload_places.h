#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

#include "libs/base/deadline.h"
#include "libs/rpc/executor.h"

namespace fairway::ingest {

// Who wants a place.
struct Claimant {
  std::string partner;
  std::string peer;  // Its address, without the port.
};

// The places of uploads, each of which is one thread. Whoever finds none waits for a while, without
// a thread; the one whose partner and address hold the fewest comes first.
//
// A quarter of the places is kept for other partners than one, and an eighth for other addresses
// than one, so that nobody fills them all. Thread-safe.
class UploadPlaces {
 public:
  struct Options {
    int places;
    int waiting_max = 64;
    absl::Duration wait_max = absl::Seconds(10);
  };
  // Called once: with OK on the thread of a place, which is held until it returns; else, on any
  // thread, with OVERLOADED, CANCELLED or DEADLINE_EXCEEDED.
  using Run = std::function<void(const absl::Status&)>;

  explicit UploadPlaces(const Options& options);
  // Refuses who still waits, and waits for who has a place.
  ~UploadPlaces();

  // Calls `run` now or later. Does not block.
  void Enter(const Claimant& claimant, const Deadline& deadline, Run run);

  // Whether somebody waits who could have the place of this one, which then must leave: so many do
  // as are needed.
  bool MustYield(const Claimant& holder);

  int taken() const;

 private:
  using OnStop = std::stop_callback<std::function<void()>>;
  struct Waiter {
    Claimant claimant;
    Deadline deadline;
    Run run;
    std::shared_ptr<OnStop> on_stop;  // Made and destroyed without the lock, which it takes.
  };
  using Waiters = std::list<Waiter>;

  void Leave(const Claimant& claimant);
  void Look();
  void Begin(Waiter waiter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Serve() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether there is a place for this one, once `leaving`, if anybody, has gone.
  bool Fits(const Claimant& claimant, const Claimant* leaving) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  int HeldBy(const Claimant& claimant) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Expire();
  // Moves those who gave up to `out`; returns when the next one will.
  absl::Time TakeExpired(Waiters& out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int yielding_ ABSL_GUARDED_BY(mutex_) = 0;  // Were told to leave.
  absl::flat_hash_map<std::string, int> by_partner_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int> by_peer_ ABSL_GUARDED_BY(mutex_);
  Waiters waiters_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool look_ ABSL_GUARDED_BY(mutex_) = false;  // A waiter came, or was cancelled.
  std::thread expiry_;
  rpc::Executor executor_;  // The first to go: what it runs leaves its place.
};

}  // namespace fairway::ingest
