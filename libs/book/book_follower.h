#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "libs/book/book_loader.h"
#include "libs/book/held_book.h"
#include "libs/storage/dataset_source.h"

namespace fairway {

// Keeps a HeldBook at the newest version of a source: loads it, and then publishes a new book
// whenever there is a new version. Notifications make it quick; asking every second makes it right.
// While the source is away it tries again and again, with growing pauses, and what is held stays.
// When the source has another history than what is held, it loads anew; what is held answers until
// then, unless there is no room for both.
class BookFollower {
 public:
  // Called on the follower's thread.
  struct Events {
    std::function<void(const PriceBook& book, absl::Duration took)> published;
    std::function<void(const absl::Status& why)> failed;  // Each time.
  };

  BookFollower(DatasetSource* source, HeldBook* held, const BookOptions& options,
               const Clock* clock, Events events);
  ~BookFollower();

  // Follows on a thread of its own, until Stop() or the end of this object.
  void Start();
  void Stop();

  // One step: what Start() does again and again. Returns with the newest version held, or why not.
  absl::Status CatchUp();

 private:
  // A version that takes too much memory. To read all of it again would not change that.
  struct Refusal {
    VersionId version;
    absl::Status why;
  };

  void Run();
  // Nothing that runs for the follower outlasts Stop().
  Deadline Until(absl::Time time) const { return {time, abandon_.get_token()}; }
  absl::StatusOr<std::shared_ptr<const PriceBook>> Make(
      const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
      const Deadline& deadline);
  void Publish(const std::shared_ptr<const PriceBook>& book, absl::Time begin);
  void GiveUp(std::shared_ptr<const PriceBook> book);
  void DropRetired();

  DatasetSource& source_;
  HeldBook& held_;
  const Clock& clock_;
  const Events events_;
  absl::Notification stop_;
  std::stop_source abandon_;  // Requested with stop_, for what waits for the source.
  BookLoader loader_;
  std::optional<Refusal> refusal_;
  // Books that were replaced, until no query reads them any more: to free the lanes that changed
  // can take milliseconds, which a query has not got.
  std::vector<std::shared_ptr<const PriceBook>> retired_;
  std::thread thread_;
};

}  // namespace fairway
