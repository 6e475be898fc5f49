#include "services/ingest/upload_places.h"

#include <algorithm>
#include <utility>

#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

absl::Status TooBusy() { return OverloadedError("as many uploads run as this task takes on"); }

}  // namespace

// The queue of the executor holds those whose thread is about to come free.
UploadPlaces::UploadPlaces(const Options& options, const Clock* clock)
    : options_(options),
      clock_(*clock),
      expiry_(clock, [this](const std::stop_token&) { return Expire(); }),
      executor_(options.places, /*queue_max=*/options.places) {}

UploadPlaces::~UploadPlaces() {
  Close(TooBusy());
  expiry_.Stop();
}

void UploadPlaces::Enter(const Claimant& claimant, const Deadline& deadline, Run run) {
  const std::shared_ptr<Waiter> newcomer(new Waiter{
      claimant, deadline.NotAfter(clock_.Now() + options_.wait_max), std::move(run), std::nullopt});
  newcomer->on_stop.emplace(deadline.stop(), [this] { expiry_.RunNow(); });
  Waiters refused;
  absl::Status why = TooBusy();
  {
    const std::lock_guard lock(mutex_);
    if (!closed_.ok()) why = closed_;
    if (closed_.ok() && MakeRoom(claimant, refused)) {
      waiting_.Add(claimant);
      waiters_.push_back(newcomer);
      Serve();
      expiry_.RunNow();
    } else {
      refused.push_back(newcomer);
    }
  }
  for (const auto& waiter : refused) waiter->run(why);
}

void UploadPlaces::Close(const absl::Status& why) {
  Waiters refused;
  {
    const std::lock_guard lock(mutex_);
    closed_ = why;
    while (!waiters_.empty()) TakeOut(waiters_.begin(), refused);
  }
  for (const auto& waiter : refused) waiter->run(why);
}

bool UploadPlaces::MakeRoom(const Claimant& newcomer, Waiters& out) {
  if (waiters_.size() < static_cast<size_t>(options_.waiting_max)) return true;
  auto heaviest = waiters_.end();
  for (auto waiter = waiters_.begin(); waiter != waiters_.end(); ++waiter) {
    if (heaviest == waiters_.end() ||
        waiting_.WeightOf((*waiter)->claimant) >= waiting_.WeightOf((*heaviest)->claimant)) {
      heaviest = waiter;
    }
  }
  ClaimantCounts after = waiting_;
  after.Remove((*heaviest)->claimant);
  after.Add(newcomer);
  if (after.WeightOf(newcomer) >= waiting_.WeightOf((*heaviest)->claimant)) return false;
  TakeOut(heaviest, out);
  return true;
}

void UploadPlaces::TakeOut(Waiters::const_iterator waiter, Waiters& out) {
  waiting_.Remove((*waiter)->claimant);
  out.splice(out.end(), waiters_, waiter);
}

void UploadPlaces::Begin(std::shared_ptr<Waiter> waiter) {
  taken_.Add(waiter->claimant);
  staying_.Add(waiter->claimant);
  executor_.TrySubmit([this, waiter = std::move(waiter)] {
    waiter->on_stop.reset();
    Place place(this, waiter->claimant);
    waiter->run(&place);
    Leave(place);
  });
}

void UploadPlaces::Leave(const Place& place) {
  const std::lock_guard lock(mutex_);
  taken_.Remove(place.holder_);
  if (!place.leaving_) staying_.Remove(place.holder_);
  Serve();
}

void UploadPlaces::Serve() {
  for (auto next = FindNext(waiters_, taken_); next != waiters_.end();
       next = FindNext(waiters_, taken_)) {
    Waiters served;
    TakeOut(next, served);
    Begin(std::move(served.front()));
  }
}

UploadPlaces::Waiters::const_iterator UploadPlaces::FindNext(const Waiters& waiters,
                                                             const ClaimantCounts& held) const {
  auto next = waiters.end();
  for (auto waiter = waiters.begin(); waiter != waiters.end(); ++waiter) {
    const Claimant& claimant = (*waiter)->claimant;
    if (!Fits(claimant, held) || HasExpired(**waiter)) continue;
    if (next == waiters.end() || held.WeightOf(claimant) < held.WeightOf((*next)->claimant)) {
      next = waiter;
    }
  }
  return next;
}

bool UploadPlaces::Fits(const Claimant& claimant, const ClaimantCounts& held) const {
  const int places = options_.places;
  return held.total() < places && held.OfPartner(claimant) < places - places / 4 &&
         held.OfPeer(claimant) < places - places / 8;
}

bool UploadPlaces::Place::MustYield() { return places_->MustYield(*this); }

// The places of those that are leaving will go to some of the waiters. This one has to leave as
// well if another waiter could have its place then.
bool UploadPlaces::MustYield(Place& place) {
  const std::lock_guard lock(mutex_);
  if (place.leaving_) return true;
  Waiters waiters = waiters_;
  ClaimantCounts held = staying_;
  for (auto next = FindNext(waiters, held); next != waiters.end(); next = FindNext(waiters, held)) {
    held.Add((*next)->claimant);
    waiters.erase(next);
  }
  held.Remove(place.holder_);
  if (FindNext(waiters, held) == waiters.end()) return false;
  place.leaving_ = true;
  staying_.Remove(place.holder_);
  return true;
}

int UploadPlaces::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_.total();
}

bool UploadPlaces::HasExpired(const Waiter& waiter) const {
  return waiter.deadline.cancelled() || waiter.deadline.time() <= clock_.Now();
}

absl::Time UploadPlaces::TakeExpired(Waiters& out) {
  absl::Time next = absl::InfiniteFuture();
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    const auto current = waiter++;
    if (HasExpired(**current)) {
      TakeOut(current, out);
    } else {
      next = std::min(next, (*current)->deadline.time());
    }
  }
  return next;
}

absl::Time UploadPlaces::Expire() {
  Waiters expired;
  absl::Time next;
  {
    const std::lock_guard lock(mutex_);
    next = TakeExpired(expired);
  }
  for (const auto& waiter : expired) {
    waiter->run(waiter->deadline.cancelled() ? CancelledError() : TooBusy());
  }
  return next;
}

}  // namespace fairway::ingest
