#include "libs/book/book_follower.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

constexpr absl::Duration kPollInterval = absl::Seconds(1);
constexpr absl::Duration kVersionTimeout = absl::Seconds(5);
// A hundred million prices take half a minute.
constexpr absl::Duration kLoadTimeout = absl::Hours(1);
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Milliseconds(600);
// A version that took too much memory may fit once others have let go of older books.
constexpr absl::Duration kRefusedPause = absl::Seconds(10);
// Attempts in vain take a tenth of the time, where they take long.
constexpr int kRefusedShare = 10;
constexpr absl::Duration kLongAttempt = absl::Milliseconds(100);

// Versions that change nothing but locations are followed so often, and in a tenth of the time at
// most: reading the tree takes longer than most of them are worth.
constexpr absl::Duration kTreeInterval = absl::Milliseconds(100);
constexpr int kTreeShare = 10;

}  // namespace

BookFollower::BookFollower(DatasetSource* source, HeldBook* held, const BookOptions& options,
                           const Clock* clock, Events events)
    : source_(*source),
      held_(*held),
      clock_(*clock),
      events_(std::move(events)),
      loader_(source, options, &retired_) {}

BookFollower::~BookFollower() { Stop(); }

void BookFollower::Start() {
  if (stop_.stop_requested()) return;
  thread_.emplace(&clock_, [this](const std::stop_token&) { return Run(); });
}

void BookFollower::Stop() {
  stop_.request_stop();
  if (thread_.has_value()) thread_->Stop();
}

absl::Time BookFollower::Run() {
  const absl::Status status = Step();
  if (stop_.stop_requested()) return absl::InfiniteFuture();
  // A version that takes too much memory was reported when it was refused. The wait for another one
  // is the same.
  if (!status.ok() && !absl::IsResourceExhausted(status)) {
    events_.failed(status);
    if (!backoff_.has_value()) backoff_.emplace(kFirstPause, kLongestPause);
    return clock_.Now() + backoff_->Next();
  }
  backoff_.reset();
  absl::Time next_poll = clock_.Now() + kPollInterval;
  if (is_tree_late_) next_poll = std::min(next_poll, next_tree_);
  // Without notifications polling goes on.
  return source_.AwaitCommit(Until(next_poll)).ok() ? absl::InfinitePast() : next_poll;
}

absl::Status BookFollower::CatchUp(bool tree_alone) {
  retired_.FreeUnused();
  is_tree_late_ = false;
  const std::shared_ptr<const PriceBook> book = held_.book();
  const absl::Time begin = clock_.Now();
  DatasetChanges changes;
  if (book == nullptr) {
    ASSIGN_OR_RETURN(changes.state, source_.ReadState(Until(begin + kVersionTimeout)));
  } else {
    ASSIGN_OR_RETURN(changes, source_.ReadChanges(book->version_id(), tree_alone,
                                                  Until(begin + kVersionTimeout)));
    held_.Confirm({changes.state.version, changes.state.commit_time}, begin);
    if (changes.state.version == book->version_id()) return absl::OkStatus();
    is_tree_late_ = changes.state.locations == nullptr;
    if (is_tree_late_) return absl::OkStatus();
  }
  const auto made_or = Make(book, changes, Until(begin + kLoadTimeout));
  if (!changes.continues && absl::IsResourceExhausted(made_or.status())) GiveUp(book);
  ASSIGN_OR_RETURN(const auto made, made_or);
  if (book == nullptr) held_.Confirm({made->version_id(), made->commit_time()}, begin);
  Publish(made, begin);
  if (book != nullptr && changes.continues && !changes.has_batches()) {
    const absl::Time now = clock_.Now();
    next_tree_ = now + std::max(kTreeInterval, kTreeShare * (now - begin));
  }
  // The first load takes time: there may be more by now.
  return book == nullptr ? CatchUp(tree_alone) : absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PriceBook>> BookFollower::Make(
    const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
    const Deadline& deadline) {
  if (const absl::Status* why = Refused(changes.state.version)) return *why;
  const absl::Time begin = clock_.Now();
  auto made = book == nullptr ? loader_.Load(changes.state, deadline)
                              : loader_.Update(book, changes, deadline);
  if (absl::IsResourceExhausted(made.status())) {
    Refuse(changes.state.version, made.status(), begin);
  }
  return made;
}

const absl::Status* BookFollower::Refused(const VersionId& version) const {
  if (!refusal_) return nullptr;
  const bool is_same = refusal_->version == version;
  return clock_.Now() < (is_same ? refusal_->again : refusal_->another_again) ? &refusal_->why
                                                                              : nullptr;
}

void BookFollower::Refuse(const VersionId& version, const absl::Status& why, absl::Time begin) {
  const bool is_new = !refusal_ || refusal_->version != version;
  const absl::Time now = clock_.Now();
  const absl::Duration pause =
      now - begin < kLongAttempt ? absl::ZeroDuration() : kRefusedShare * (now - begin);
  refusal_ = {version, why, now + std::max(pause, kRefusedPause), now + pause};
  held_.SetOverBudget();
  if (is_new) events_.failed(why);
}

void BookFollower::Publish(const std::shared_ptr<const PriceBook>& book, absl::Time begin) {
  refusal_.reset();
  if (auto replaced = held_.book()) retired_.Add(std::move(replaced), book->superseded_bytes());
  held_.Publish(book);
  events_.published(*book, clock_.Now() - begin);
}

// There is no room for the book of today's history beside that of a lost one: better none, and
// answers from what is stored, than wrong ones for ever. The next step loads anew.
void BookFollower::GiveUp(std::shared_ptr<const PriceBook> book) {
  held_.Withdraw();
  const int64_t bytes = book->byte_count();
  retired_.Add(std::move(book), bytes);
  refusal_.reset();
}

}  // namespace fairway
