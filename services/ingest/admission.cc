#include "services/ingest/admission.h"

#include "libs/base/wait_until.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {

absl::StatusOr<Admission::Place> Admission::Enter() {
  const std::lock_guard lock(mutex_);
  if (draining_) return DrainingError();
  ++open_;
  return Place(this);
}

void Admission::Leave() {
  const std::lock_guard lock(mutex_);
  --open_;
  changed_.notify_all();
}

void Admission::StartDraining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

bool Admission::draining() const {
  const std::lock_guard lock(mutex_);
  return draining_;
}

int Admission::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool Admission::AwaitIdle(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  return WaitUntil(changed_, lock, deadline, [this] { return open_ == 0; });
}

}  // namespace fairway::ingest
