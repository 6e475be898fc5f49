#include "libs/book/held_book.h"

#include <utility>

namespace fairway {
namespace {

// The version is asked for every second: a missed question or two say nothing.
constexpr absl::Duration kAMoment = absl::Seconds(3);

}  // namespace

std::shared_ptr<const PriceBook> HeldBook::book() const {
  const std::lock_guard lock(mutex_);
  return book_;
}

HeldBook::Newest HeldBook::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

absl::Duration HeldBook::Age() const {
  const std::lock_guard lock(mutex_);
  return clock_->Now() - held_was_newest_;
}

absl::Duration HeldBook::Lag() const {
  const std::lock_guard lock(mutex_);
  const absl::Duration age = clock_->Now() - held_was_newest_;
  const bool holds_newest = book_ != nullptr && book_->version_id() == newest_.version;
  return is_over_budget_ || (holds_newest && age <= kAMoment) ? absl::ZeroDuration() : age;
}

void HeldBook::Confirm(const Newest& newest, absl::Time asked) {
  const std::lock_guard lock(mutex_);
  newest_ = newest;
  newest_asked_ = asked;
  if (book_ != nullptr && book_->version_id() == newest.version) held_was_newest_ = asked;
}

void HeldBook::Withdraw() {
  const std::lock_guard lock(mutex_);
  book_ = nullptr;
}

void HeldBook::Publish(std::shared_ptr<const PriceBook> book) {
  const std::lock_guard lock(mutex_);
  book_ = std::move(book);
  is_over_budget_ = false;
  if (book_->version_id() == newest_.version) held_was_newest_ = newest_asked_;
}

}  // namespace fairway
