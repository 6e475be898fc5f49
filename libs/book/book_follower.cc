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
                     source_.ReadChanges(book->version(), Until(begin + kVersionPatience)));
    held_.Confirm({changes.state.version, changes.state.commit_time}, begin);
    if (changes.state.version == book->version()) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto made, Make(book, changes, Until(begin + kLoadPatience)));
  if (book == nullptr) held_.Confirm({made->version(), made->commit_time()}, begin);
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

void BookFollower::DropRetired() {
  std::erase_if(retired_, [](const auto& book) { return book.use_count() == 1; });
}

}  // namespace fairway
