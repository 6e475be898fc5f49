#include "libs/book/book_follower.h"

#include <algorithm>
#include <random>
#include <utility>

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

constexpr absl::Duration kPollInterval = absl::Seconds(1);
constexpr absl::Duration kVersionPatience = absl::Seconds(5);
// A hundred million prices take half a minute.
constexpr absl::Duration kLoadPatience = absl::Hours(1);
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

}  // namespace

BookFollower::BookFollower(DatasetSource* source, HeldBook* held, const BookOptions& options,
                           const Clock* clock, Events events)
    : source_(*source),
      held_(*held),
      clock_(*clock),
      events_(std::move(events)),
      loader_(source, options, &stop_) {}

BookFollower::~BookFollower() { Stop(); }

void BookFollower::Start() {
  thread_ = std::thread([this] { Run(); });
}

void BookFollower::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  abandon_.request_stop();
  source_.Wake();
  if (thread_.joinable()) thread_.join();
}

void BookFollower::Run() {
  // Replicas that lost the same database must not come back in step.
  std::mt19937 random(std::random_device{}());
  std::uniform_real_distribution<double> part(0.5, 1);
  absl::Duration pause = kFirstPause;
  while (!stop_.HasBeenNotified()) {
    const absl::Status status = CatchUp();
    if (stop_.HasBeenNotified()) return;
    if (!status.ok()) {
      events_.failed(status);
      stop_.WaitForNotificationWithTimeout(pause * part(random));
      pause = std::min(2 * pause, kLongestPause);
      continue;
    }
    pause = kFirstPause;
    // Without notifications the version is asked for all the same.
    const absl::Time next_poll = absl::Now() + kPollInterval;
    if (!source_.AwaitCommit(Until(next_poll)).ok()) {
      stop_.WaitForNotificationWithTimeout(next_poll - absl::Now());
    }
  }
}

absl::Status BookFollower::CatchUp() {
  DropRetired();
  const std::shared_ptr<const PriceBook> book = held_.book();
  const absl::Time begin = clock_.Now();
  DatasetChanges changes;
  if (book == nullptr) {
    ASSIGN_OR_RETURN(changes.state, source_.ReadState(Until(begin + kVersionPatience)));
  } else {
    ASSIGN_OR_RETURN(changes,
                     source_.ReadChanges(book->version_id(), Until(begin + kVersionPatience)));
    held_.Confirm({changes.state.version, changes.state.commit_time}, begin);
    if (changes.state.version == book->version_id()) return absl::OkStatus();
  }
  const auto made_or = Make(book, changes, Until(begin + kLoadPatience));
  if (!changes.continues && absl::IsResourceExhausted(made_or.status())) GiveUp(book);
  ASSIGN_OR_RETURN(const auto made, made_or);
  if (book == nullptr) held_.Confirm({made->version_id(), made->commit_time()}, begin);
  Publish(made, begin);
  // The first load takes time: there may be more by now.
  return book == nullptr ? CatchUp() : absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PriceBook>> BookFollower::Make(
    const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
    const Deadline& deadline) {
  if (refusal_ && refusal_->version == changes.state.version) return refusal_->why;
  auto made = book == nullptr ? loader_.Load(changes.state, deadline)
                              : loader_.Update(book, changes, deadline);
  if (absl::IsResourceExhausted(made.status())) {
    refusal_ = {changes.state.version, made.status()};
  }
  return made;
}

void BookFollower::Publish(const std::shared_ptr<const PriceBook>& book, absl::Time begin) {
  if (auto replaced = held_.book()) retired_.push_back(std::move(replaced));
  held_.Publish(book);
  events_.published(*book, clock_.Now() - begin);
}

// There is no room for the book of today's history beside that of a lost one: better none, and
// answers from what is stored, than wrong ones for ever. The next step loads anew.
void BookFollower::GiveUp(std::shared_ptr<const PriceBook> book) {
  held_.Withdraw();
  retired_.push_back(std::move(book));
  refusal_.reset();
}

void BookFollower::DropRetired() {
  std::erase_if(retired_, [](const auto& book) { return book.use_count() == 1; });
}

}  // namespace fairway
