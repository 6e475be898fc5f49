#include "services/ingest/admission.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {

absl::StatusOr<Admission::Place> Admission::Enter() {
  {
    const std::lock_guard lock(mutex_);
    if (draining_) return DrainingError();
    ++open_;
  }
  Place place(this);
  if (protection_ != nullptr) RETURN_IF_ERROR(protection_->Hold());
  return place;
}

void Admission::Leave() {
  if (protection_ != nullptr) protection_->Release();
  const std::lock_guard lock(mutex_);
  --open_;
  changed_.notify_all();
}

void Admission::StartDraining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

int Admission::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool Admission::AwaitIdle(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  return clock_.WaitUntil(changed_, lock, deadline,
                          [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return open_ == 0; });
}

}  // namespace fairway::ingest
