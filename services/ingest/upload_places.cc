#include "services/ingest/upload_places.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

using Counts = absl::flat_hash_map<std::string, int>;

int CountOf(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

void Forget(Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  if (--found->second == 0) counts.erase(found);
}

absl::Status TooBusy() { return OverloadedError("as many uploads run as this task takes on"); }

}  // namespace

// The queue of the executor holds those whose thread is about to come free.
UploadPlaces::UploadPlaces(const Options& options)
    : options_(options),
      expiry_([this] { Expire(); }),
      executor_(options.places, /*queue_max=*/options.places) {}

UploadPlaces::~UploadPlaces() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  expiry_.join();
}

void UploadPlaces::Enter(const Claimant& claimant, const Deadline& deadline, Run run) {
  Waiter waiter = {claimant, deadline.NotAfter(absl::Now() + options_.wait_max), std::move(run),
                   std::make_shared<OnStop>(deadline.stop(), [this] { Look(); })};
  {
    const std::lock_guard lock(mutex_);
    if (!stop_ && waiters_.size() < static_cast<size_t>(options_.waiting_max)) {
      waiters_.push_back(std::move(waiter));
      Serve();
      if (waiters_.empty()) return;
      look_ = true;
      changed_.notify_all();
      return;
    }
  }
  waiter.run(TooBusy());
}

void UploadPlaces::Look() {
  const std::lock_guard lock(mutex_);
  look_ = true;
  changed_.notify_all();
}

void UploadPlaces::Begin(Waiter waiter) {
  ++taken_;
  ++by_partner_[waiter.claimant.partner];
  ++by_peer_[waiter.claimant.peer];
  executor_.TrySubmit([this, waiter = std::move(waiter)]() mutable {
    waiter.on_stop.reset();
    waiter.run(absl::OkStatus());
    Leave(waiter.claimant);
  });
}

void UploadPlaces::Leave(const Claimant& claimant) {
  const std::lock_guard lock(mutex_);
  --taken_;
  yielding_ = std::max(0, yielding_ - 1);
  Forget(by_partner_, claimant.partner);
  Forget(by_peer_, claimant.peer);
  Serve();
}

void UploadPlaces::Serve() {
  while (!stop_) {
    auto next = waiters_.end();
    for (auto waiter = waiters_.begin(); waiter != waiters_.end(); ++waiter) {
      if (!Fits(waiter->claimant, nullptr) || !waiter->deadline.Check().ok()) continue;
      if (next == waiters_.end() || HeldBy(waiter->claimant) < HeldBy(next->claimant)) {
        next = waiter;
      }
    }
    if (next == waiters_.end()) return;
    Waiter waiter = std::move(*next);
    waiters_.erase(next);
    Begin(std::move(waiter));
  }
}

int UploadPlaces::HeldBy(const Claimant& claimant) const {
  return std::max(CountOf(by_partner_, claimant.partner), CountOf(by_peer_, claimant.peer));
}

bool UploadPlaces::Fits(const Claimant& claimant, const Claimant* leaving) const {
  const auto left = [&](bool same) { return leaving != nullptr && same ? 1 : 0; };
  const int taken = taken_ - left(true);
  const int of_partner = CountOf(by_partner_, claimant.partner) -
                         left(leaving != nullptr && leaving->partner == claimant.partner);
  const int of_peer =
      CountOf(by_peer_, claimant.peer) - left(leaving != nullptr && leaving->peer == claimant.peer);
  return taken < options_.places && of_partner < options_.places - options_.places / 4 &&
         of_peer < options_.places - options_.places / 8;
}

bool UploadPlaces::MustYield(const Claimant& holder) {
  const std::lock_guard lock(mutex_);
  const auto waiting = std::count_if(waiters_.begin(), waiters_.end(), [&](const Waiter& waiter) {
    return Fits(waiter.claimant, &holder);
  });
  if (waiting <= yielding_) return false;
  ++yielding_;
  return true;
}

int UploadPlaces::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

absl::Time UploadPlaces::TakeExpired(Waiters& out) {
  absl::Time next = absl::InfiniteFuture();
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    const auto current = waiter++;
    if (stop_ || !current->deadline.Check().ok()) {
      out.splice(out.end(), waiters_, current);
    } else {
      next = std::min(next, current->deadline.time());
    }
  }
  return next;
}

void UploadPlaces::Expire() {
  while (true) {
    Waiters expired;
    bool stop = false;
    {
      std::unique_lock lock(mutex_);
      const absl::Time next = TakeExpired(expired);
      stop = stop_;
      if (expired.empty() && !stop) {
        WaitUntil(changed_, lock, next, [this] { return stop_ || look_; });
        look_ = false;
      }
    }
    for (const Waiter& waiter : expired) {
      waiter.run(waiter.deadline.cancelled() ? CancelledError() : TooBusy());
    }
    if (stop) return;
  }
}

}  // namespace fairway::ingest
