#include "services/query/split_days.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/base/wait_until.h"
#include "libs/book/testing/built_books.h"
#include "services/query/testing/watched_snapshot.h"

namespace fairway::query {
namespace {

using ::fairway::testing::StatusIs;

// Where two threads wait for each other.
class MeetingPlace {
 public:
  absl::Status Meet() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    return WaitUntil(changed_, lock, Soon(), [this] { return arrived_ >= 2; })
               ? absl::OkStatus()
               : absl::InternalError("nobody came");
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
};

// An executor that takes a task and does not begin it.
class LateHelper {
 public:
  LateHelper() {
    EXPECT_TRUE(executor_.TrySubmit([this] { begun_.wait(); }));
  }
  ~LateHelper() { Begin(); }

  rpc::Executor& executor() { return executor_; }
  // Returns when all that it took is done.
  void Begin() {
    if (has_begun_) return;
    has_begun_ = true;
    std::promise<void> done;
    EXPECT_TRUE(executor_.TrySubmit([&] { done.set_value(); }));
    begin_.set_value();
    EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  }

 private:
  std::promise<void> begin_;
  const std::future<void> begun_ = begin_.get_future();
  bool has_begun_ = false;
  rpc::Executor executor_{1, /*queue_max=*/2};
};

// Six lanes of one region to itself, with up to five prices on each of sixty days.
class SplitDaysTest : public ::testing::Test {
 protected:
  static constexpr Day kDayOne = std::chrono::year(2026) / 1 / 1;
  static constexpr int kDays = 60;

  SplitDaysTest() {
    BookBudget budget(0, 0);
    book_ = *Build(MakeTree({-1}, 3), budget, [&](PriceBookBuilder& builder) {
      for (const Lane& lane : {Lane{1, 2}, {1, 3}, {2, 1}, {2, 3}, {3, 1}, {3, 2}})
        AddLane(builder, lane);
    });
  }

  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  // Of so many days, between two places.
  RateQuery Ask(int days) {
    const auto place = [&] { return Below(2) == 0 ? SlugOf(0) : CodeOf(1 + Below(3)).ToString(); };
    const Day first = kDayOne + std::chrono::days(Below(kDays - days + 1));
    return {.origin = place(),
            .destination = place(),
            .days = {first, first + std::chrono::days(days - 1)},
            .with_percentiles = Below(4) != 0,
            .min_price_count = 1 + Below(6)};
  }
  // What the helper does is up to the caller of this: it begins with the first half, or later than
  // the caller is done.
  absl::Status StatusWith(bool is_late, const WatchedSnapshot::OnRead& on_read,
                          const Deadline& deadline = Soon()) {
    MeetingPlace meeting;
    const WatchedSnapshot snapshot(book_.get(), [&](const RateQuery& query, const Deadline& until) {
      const absl::Status met = is_late ? absl::OkStatus() : meeting.Meet();
      return met.ok() ? on_read(query, until) : met;
    });
    LateHelper late;
    rpc::Executor at_once(1, 0);
    return ReadInHalves(snapshot, query_, deadline, is_late ? late.executor() : at_once).status();
  }
  bool IsSecond(const RateQuery& half) const { return half.days.last == query_.days.last; }

  const unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
  const ::testing::ScopedTrace trace_{__FILE__, __LINE__, absl::StrCat("seed ", seed_)};
  std::shared_ptr<const PriceBook> book_;
  const RateQuery query_ = Ask(7);

 private:
  void AddLane(PriceBookBuilder& builder, const Lane& lane) {
    std::vector<int32_t> days;
    std::vector<Price> prices;
    for (int i = 0; i < kDays; ++i) {
      for (int price = 100, left = Below(6); left > 0; --left) {
        days.push_back(DayNumber(kDayOne) + i);
        prices.push_back(static_cast<Price>(price += Below(50)));
      }
    }
    FAIRWAY_ASSERT_OK(builder.Add({lane, days, prices}));
  }
};

TEST_F(SplitDaysTest, TheAnswerIsThatOfOneReading) {
  for (int round = 0; round < 200; ++round) {
    const RateQuery query = Ask(round < 20 ? 2 + round % 2 : 2 + Below(kDays - 1));
    SCOPED_TRACE(
        absl::StrCat(query.origin, " to ", query.destination, ", ", query.days.size(), " days"));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates whole, book_->ReadDailyRates(query, Soon()));
    MeetingPlace meeting;
    const WatchedSnapshot both(book_.get(),
                               [&](const RateQuery&, const Deadline&) { return meeting.Meet(); });
    rpc::Executor helper(1, 0);
    EXPECT_THAT(ReadInHalves(both, query, Soon(), helper), testing::IsOkAndHolds(whole));
    // Busy still, or idle again; and soon or late.
    EXPECT_THAT(ReadInHalves(*book_, query, Soon(), helper), testing::IsOkAndHolds(whole));
  }
}

TEST_F(SplitDaysTest, TwoThreadsReadHalfOfTheDaysEach) {
  for (const int days : {2, 3, 30, 31}) {
    const RateQuery query = Ask(days);
    MeetingPlace meeting;
    const WatchedSnapshot snapshot(
        book_.get(), [&](const RateQuery&, const Deadline&) { return meeting.Meet(); });
    rpc::Executor helper(1, 0);
    FAIRWAY_ASSERT_OK(ReadInHalves(snapshot, query, Soon(), helper));
    const auto readings = snapshot.readings();
    ASSERT_EQ(readings.size(), 2);
    EXPECT_EQ(readings[0].days.size(), (days + 1) / 2);
    EXPECT_EQ(readings[1].days.size(), days / 2);
    EXPECT_EQ(readings[0].thread, std::this_thread::get_id());
    EXPECT_NE(readings[1].thread, std::this_thread::get_id());
  }
}

TEST_F(SplitDaysTest, WithoutAnIdleHelperTheCallerReadsAllAtOnce) {
  const WatchedSnapshot snapshot(book_.get());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates whole, book_->ReadDailyRates(query_, Soon()));
  rpc::Executor none(0, 0);
  EXPECT_THAT(ReadInHalves(snapshot, query_, Soon(), none), testing::IsOkAndHolds(whole));
  std::promise<void> go;
  const std::future<void> gone = go.get_future();
  rpc::Executor busy(1, 0);
  ASSERT_TRUE(busy.TrySubmit([&] { gone.wait(); }));
  EXPECT_THAT(ReadInHalves(snapshot, query_, Soon(), busy), testing::IsOkAndHolds(whole));
  go.set_value();
  ASSERT_EQ(snapshot.readings().size(), 2);
  for (const auto& reading : snapshot.readings()) EXPECT_EQ(reading.days, query_.days);
}

TEST_F(SplitDaysTest, AHelperThatComesTooLateDoesNothing) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates whole, book_->ReadDailyRates(query_, Soon()));
  LateHelper late;
  std::atomic<int> readings = 0;
  auto snapshot = std::make_unique<WatchedSnapshot>(
      book_.get(), [&](const RateQuery&, const Deadline&) { return ++readings, absl::OkStatus(); });
  EXPECT_THAT(ReadInHalves(*snapshot, query_, Soon(), late.executor()),
              testing::IsOkAndHolds(whole));
  EXPECT_EQ(readings, 2) << "the caller did not wait";
  snapshot.reset();
  late.Begin();
  EXPECT_EQ(readings, 2);
}

TEST_F(SplitDaysTest, TheErrorOfEitherHalfIsReturned) {
  for (const bool is_late : {false, true}) {
    for (const bool of_second : {false, true}) {
      SCOPED_TRACE(absl::StrCat("late: ", is_late, ", of the second: ", of_second));
      EXPECT_THAT(StatusWith(is_late,
                             [&](const RateQuery& half, const Deadline&) {
                               return IsSecond(half) == of_second ? absl::DataLossError("half")
                                                                  : absl::OkStatus();
                             }),
                  StatusIs(absl::StatusCode::kDataLoss));
    }
  }
}

TEST_F(SplitDaysTest, BothHalvesHaveTheDeadline) {
  std::stop_source stop;
  stop.request_stop();
  for (const bool is_late : {false, true}) {
    for (const bool of_second : {false, true}) {
      SCOPED_TRACE(absl::StrCat("late: ", is_late, ", of the second: ", of_second));
      const auto check = [&](const RateQuery& half, const Deadline& deadline) {
        return IsSecond(half) == of_second ? deadline.Check() : absl::OkStatus();
      };
      EXPECT_THAT(StatusWith(is_late, check, absl::InfinitePast()),
                  StatusIs(absl::StatusCode::kDeadlineExceeded));
      EXPECT_THAT(StatusWith(is_late, check, {absl::InfiniteFuture(), stop.get_token()}),
                  StatusIs(absl::StatusCode::kCancelled));
    }
  }
}

TEST_F(SplitDaysTest, AfterAnErrorNothingMoreIsRead) {
  int readings = 0;
  EXPECT_THAT(StatusWith(/*is_late=*/true,
                         [&](const RateQuery&, const Deadline&) {
                           return ++readings, absl::DataLossError("half");
                         }),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(readings, 1);
}

// It reads the snapshot, which the caller may free next.
TEST_F(SplitDaysTest, AnErrorWaitsForTheHelperThatHasBegun) {
  std::promise<void> returned;
  const std::future<void> has_returned = returned.get_future();
  std::atomic<bool> is_reading = true;
  MeetingPlace meeting;
  const WatchedSnapshot snapshot(book_.get(), [&](const RateQuery& half, const Deadline&) {
    const absl::Status met = meeting.Meet();
    if (!IsSecond(half)) return absl::DataLossError("half");
    has_returned.wait_for(std::chrono::milliseconds(50));
    is_reading = false;
    return met;
  });
  rpc::Executor helper(1, 0);
  EXPECT_THAT(ReadInHalves(snapshot, query_, Soon(), helper),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(is_reading);
  returned.set_value();
}

}  // namespace
}  // namespace fairway::query
