#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "libs/base/periodic_task.h"
#include "libs/rpc/server/executor.h"
#include "services/ingest/claimant.h"

namespace fairway::ingest {

// The places of uploads, each of which is one thread. Without a free place an upload waits, for
// wait_max at most and without a thread; the one whose partner and address hold the fewest places
// comes first.
//
// One partner gets three quarters of the places at most, one address seven eighths. The waiting
// list is shared as well: when it is full, a new upload replaces the last one of the partner or
// address that has the most waiting. Thread-safe.
class UploadPlaces {
 public:
  struct Options {
    int places;
    int waiting_max = 64;
    absl::Duration wait_max = absl::Seconds(10);
  };

  // One place, held until the Run that got it returns.
  class Place {
   public:
    // Whether the holder must leave, because another upload waits that could have its place. No
    // more holders are asked to leave than uploads wait.
    bool MustYield();

   private:
    friend class UploadPlaces;
    Place(UploadPlaces* places, Claimant holder) : places_(places), holder_(std::move(holder)) {}

    UploadPlaces* const places_;
    const Claimant holder_;
    bool leaving_ = false;  // Guarded by the mutex of places_.
  };

  // Called once: with a place, on its thread; else, on any thread, with OVERLOADED, CANCELLED, or
  // the status given to Close().
  using Run = std::function<void(const absl::StatusOr<Place*>&)>;

  // Borrows the clock.
  UploadPlaces(const Options& options, const Clock* clock);
  // Refuses those that wait, and waits for those that have a place.
  ~UploadPlaces();

  // Calls `run` now or later. Does not block.
  void Enter(const Claimant& claimant, const Deadline& deadline, Run run);

  // Gives out no more places: uploads that wait or arrive later are refused with `why`. Uploads
  // that have a place keep it.
  void Close(const absl::Status& why);

  int taken() const;

 private:
  using OnStop = std::stop_callback<std::function<void()>>;
  struct Waiter {
    const Claimant claimant;
    const Deadline deadline;
    const Run run;
    std::optional<OnStop> on_stop;  // Made and destroyed without the lock, which it takes.
  };
  using Waiters = std::list<std::shared_ptr<Waiter>>;

  bool MustYield(Place& place);
  void Leave(const Place& place);
  void Begin(std::shared_ptr<Waiter> waiter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Serve() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The one of `waiters` that gets the next place when places are held like that; end() when none
  // of them can have one.
  Waiters::const_iterator FindNext(const Waiters& waiters, const ClaimantCounts& held) const;
  // Whether the shares have a place for this one.
  bool Fits(const Claimant& claimant, const ClaimantCounts& held) const;
  // Where the list is full, makes room by moving a waiter to `out` whose owner has more waiting
  // than `newcomer`. False without such a waiter.
  bool MakeRoom(const Claimant& newcomer, Waiters& out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOut(Waiters::const_iterator waiter, Waiters& out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Refuses those whose wait is over; returns when that of the next one will be.
  absl::Time Expire();
  bool HasExpired(const Waiter& waiter) const;
  // Moves those whose wait is over to `out`; returns when that of the next one will be.
  absl::Time TakeExpired(Waiters& out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  ClaimantCounts taken_ ABSL_GUARDED_BY(mutex_);
  ClaimantCounts staying_ ABSL_GUARDED_BY(mutex_);  // Of taken_, those that need not leave.
  ClaimantCounts waiting_ ABSL_GUARDED_BY(mutex_);
  Waiters waiters_ ABSL_GUARDED_BY(mutex_);
  absl::Status closed_ ABSL_GUARDED_BY(mutex_);  // OK until Close().
  PeriodicTask expiry_;
  rpc::Executor executor_;  // The first to go: what it runs leaves its place.
};

}  // namespace fairway::ingest
