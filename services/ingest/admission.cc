#include "services/ingest/admission.h"

#include "libs/domain/errors.h"

namespace fairway::ingest {

absl::StatusOr<Admission::Place> Admission::Enter() {
  absl::MutexLock lock(&mutex_);
  if (draining_) return DrainingError();
  ++open_;
  return Place(this);
}

void Admission::Leave() {
  absl::MutexLock lock(&mutex_);
  --open_;
}

void Admission::StartDraining() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
}

bool Admission::draining() const {
  absl::MutexLock lock(&mutex_);
  return draining_;
}

int Admission::open() const {
  absl::MutexLock lock(&mutex_);
  return open_;
}

bool Admission::AwaitIdle(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(this, &Admission::IsIdle), deadline);
}

}  // namespace fairway::ingest
