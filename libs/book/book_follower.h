#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/backoff.h"
#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "libs/base/periodic_task.h"
#include "libs/book/book_loader.h"
#include "libs/book/held_book.h"
#include "libs/book/retired_books.h"
#include "libs/storage/dataset_source.h"

namespace fairway {

// Keeps a HeldBook at the newest version of a source: loads it, and then publishes a new book for
// each new version. It waits for notifications, and polls every second in case one is lost. While
// the source is unavailable it retries with backoff, and the held book stays. A version that takes
// too much memory is retried now and then, and every newer one is tried. Versions that change only
// locations are followed together, ten times a second at most.
// When the source has another history than the held book, it loads a new book; the held one answers
// until then, unless memory has no room for both.
// Owns its thread, which uses it from Start() to Stop(), and borrows the rest. Not thread-safe.
class BookFollower {
 public:
  // Called on the follower's thread.
  struct Events {
    std::function<void(const PriceBook& book, absl::Duration took)> published;
    // Each time; RESOURCE_EXHAUSTED once for each version that takes too much memory.
    std::function<void(const absl::Status& why)> failed;
  };

  BookFollower(DatasetSource* source, HeldBook* held, const BookOptions& options,
               const Clock* clock, Events events);
  ~BookFollower();

  // Follows on a thread of its own, until Stop() or the end of this object. After Stop(): nothing.
  void Start();
  void Stop();

  // Returns with the newest version held, or why not.
  absl::Status CatchUp() { return CatchUp(/*tree_alone=*/true); }
  // What Start() does again and again: the same, but locations alone may be left for later.
  absl::Status Step() { return CatchUp(/*tree_alone=*/clock_.Now() >= next_tree_); }

 private:
  // A version that took too much memory. To read it again takes long and may not change that.
  struct Refusal {
    VersionId version;
    absl::Status why;
    absl::Time again;          // When the same version may be tried again.
    absl::Time another_again;  // When another one may be.
  };

  // A step and the wait for the next version; returns when the next step is due.
  absl::Time Run();
  absl::Status CatchUp(bool tree_alone);
  // Nothing that runs for the follower outlasts Stop().
  Deadline Until(absl::Time time) const { return {time, stop_.get_token()}; }
  absl::StatusOr<std::shared_ptr<const PriceBook>> Make(
      const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
      const Deadline& deadline);
  void Publish(const std::shared_ptr<const PriceBook>& book, absl::Time begin);
  const absl::Status* Refused(const VersionId& version) const;
  void Refuse(const VersionId& version, const absl::Status& why, absl::Time begin);
  void GiveUp(std::shared_ptr<const PriceBook> book);

  DatasetSource& source_;
  HeldBook& held_;
  const Clock& clock_;
  const Events events_;
  std::stop_source stop_;
  RetiredBooks retired_;
  BookLoader loader_;
  std::optional<Refusal> refusal_;
  absl::Time next_tree_ = absl::InfinitePast();  // When locations alone are followed again.
  bool is_tree_late_ = false;                    // There are some to be followed then.
  std::optional<Backoff> backoff_;               // Since the source failed.
  std::optional<PeriodicTask> thread_;           // Last: it uses the rest.
};

}  // namespace fairway
