#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "libs/book/book_loader.h"
#include "libs/book/held_book.h"
#include "libs/book/retired_books.h"
#include "libs/storage/dataset_source.h"

namespace fairway {

// Keeps a HeldBook at the newest version of a source: loads it, and then publishes a new book
// whenever there is a new version. Notifications make it quick; asking every second makes it right.
// While the source is away it tries again and again, with growing pauses, and what is held stays. A
// version that takes too much memory is tried again now and then, and every newer one is. Versions
// that change nothing but locations are followed ten times a second at most, together.
// When the source has another history than what is held, it loads anew; what is held answers until
// then, unless there is no room for both.
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

  // Follows on a thread of its own, until Stop() or the end of this object.
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

  void Run();
  absl::Status CatchUp(bool tree_alone);
  // Nothing that runs for the follower outlasts Stop().
  Deadline Until(absl::Time time) const { return {time, abandon_.get_token()}; }
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
  absl::Notification stop_;
  std::stop_source abandon_;  // Requested with stop_, for what waits for the source.
  RetiredBooks retired_;
  BookLoader loader_;
  std::optional<Refusal> refusal_;
  absl::Time next_tree_ = absl::InfinitePast();  // When locations alone are followed again.
  bool is_tree_late_ = false;                    // There are some to be followed then.
  std::thread thread_;
};

}  // namespace fairway
