#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/book/price_book.h"

namespace fairway {

// The book that answers now, and how it stands to the newest version. One writer, any number of
// readers. Thread-safe.
class HeldBook {
 public:
  explicit HeldBook(const Clock* clock) : clock_(clock) {}

  struct Newest {
    VersionId version;
    std::optional<absl::Time> commit_time;
  };

  // Null until the first one is published, and after Withdraw().
  std::shared_ptr<const PriceBook> book() const;
  Newest newest() const;

  // How long ago it was known that nothing newer existed.
  absl::Duration Age() const;
  // Zero while the newest version was held a moment ago, and while it takes too much memory to be
  // held; else the same as Age().
  absl::Duration Lag() const;

  // The newest version takes too much memory: what is stored answers, and what is held only for
  // itself. Until the next book.
  void SetOverBudget() { is_over_budget_ = true; }
  bool is_over_budget() const { return is_over_budget_; }

  // `newest` was the newest version when it was asked for at `asked`.
  void Confirm(const Newest& newest, absl::Time asked);
  void Publish(std::shared_ptr<const PriceBook> book);
  // Nothing is held any more: what was is wrong, and what is right is not there yet.
  void Withdraw();

 private:
  const Clock* const clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const PriceBook> book_;
  Newest newest_;
  absl::Time newest_asked_ = absl::InfinitePast();  // When newest_ was the newest for sure.
  absl::Time held_was_newest_ = absl::InfinitePast();
  std::atomic<bool> is_over_budget_ = false;
};

}  // namespace fairway
