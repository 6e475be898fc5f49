#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "services/ingest/task_protection.h"

namespace fairway::ingest {

// Counts the uploads that run, protects the task from scale-in while there are any, and refuses new
// ones once the task drains. Thread-safe.
class Admission {
 public:
  // Borrows both. `protection`: null outside ECS, where nothing scales tasks in.
  explicit Admission(const Clock* clock, TaskProtection* protection = nullptr)
      : clock_(*clock), protection_(protection) {}

  // Holds a place until it goes.
  class Place {
   public:
    explicit Place(Admission* admission) : admission_(admission) {}
    Place(Place&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (admission_ != nullptr) admission_->Leave();
    }

   private:
    Admission* admission_;
  };

  // Waits until the task is protected. DRAINING.
  absl::StatusOr<Place> Enter();

  void StartDraining();
  int open() const;
  // False when uploads still run at `deadline`.
  bool AwaitIdle(absl::Time deadline);

 private:
  void Leave();

  const Clock& clock_;
  TaskProtection* const protection_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fairway::ingest
