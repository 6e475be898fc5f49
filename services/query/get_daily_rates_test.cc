#include "services/query/get_daily_rates.h"

#include <chrono>

#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/query/executors.h"
#include "services/query/testing/small_world.h"
#include "services/query/testing/watched_snapshot.h"

namespace fairway::query {
namespace {

using GetDailyRatesTest = SmallWorldFixture;

TEST_F(GetDailyRatesTest, AnswersForEveryDay) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  RateOptions options = MakeOptions("2021-01-01", "2021-01-03");
  options.min_price_count = 4;
  options.statistics.set(2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LaneAnswer answer,
      GetDailyRates(*snapshot, MakeLane("CNSHA", "NLRTM"), options, Soon()));
  EXPECT_EQ(answer.rates.days.size(), 3);
  EXPECT_EQ(answer.min_price_count, 4);
  EXPECT_EQ(answer.statistics, options.statistics);
}

TEST_F(GetDailyRatesTest, AnUnknownLocationIsNotFound) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  const auto reason = [&](const NamedLane& lane) {
    return ReasonOf(
        GetDailyRates(*snapshot, lane, MakeOptions("2021-01-01", "2021-01-03"), Soon()).status());
  };
  EXPECT_EQ(reason(MakeLane("CNSHA", "USLAX")), reasons::kLocationNotFound);
  EXPECT_EQ(reason(MakeLane("atlantis", "CNSHA")), reasons::kLocationNotFound);
  EXPECT_EQ(reason(MakeLane("CNSHA", "NLRTM")), "") << "a lane without prices";
}

// Its estimate is the one it was made with.
class SizedSnapshot final : public RateSnapshot {
 public:
  explicit SizedSnapshot(const ReadingSize& size) : size_(size) {}
  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return absl::UnimplementedError("");
  }
  ReadingSize EstimateReading(const RateQuery& query) const override {
    asked_ = query;
    return size_;
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return absl::UnimplementedError("");
  }
  const RateQuery& asked() const { return asked_; }

 private:
  const ReadingSize size_;
  mutable RateQuery asked_;
  VersionId version_;
  LocationTree locations_;
};

constexpr int64_t kPricesOfALaneDay = 4;  // As many lanes have them.

int64_t WorkOf(int64_t lanes, int days, StatisticSet statistics = {},
               int64_t prices_of_a_lane_day = kPricesOfALaneDay) {
  return EstimateWork(
      SizedSnapshot({.lanes = lanes, .prices = lanes * days * prices_of_a_lane_day}),
      MakeLane("CNSHA", "NLRTM"),
      {.days = {kDayMin, kDayMin + std::chrono::days(days - 1)}, .statistics = statistics});
}
StatisticSet All() { return StatisticSet().set(); }

TEST(EstimateWork, AMonthIsQuickAndYearsAreNot) {
  EXPECT_LE(WorkOf(1, 31), kQuickWorkMax);
  EXPECT_LE(WorkOf(1, 31, All()), kQuickWorkMax);
  EXPECT_GT(WorkOf(1, 365), kQuickWorkMax) << "a day must be written, and sent";
  EXPECT_LE(WorkOf(1, limits::kQueryDaysMax), kShortWorkMax);
}

TEST(EstimateWork, GrowsWithLanesStatisticsAndDays) {
  EXPECT_EQ(WorkOf(10, 10, {}, 0) - WorkOf(1, 10, {}, 0), 9 * 10) << "lane-days";
  const StatisticSet one = StatisticSet().set(1);
  EXPECT_GT(WorkOf(1'000, 10, one), 10 * 1'000 * 10) << "prices are gathered and selected from";
  EXPECT_GT(WorkOf(1'000, 10, All()), WorkOf(1'000, 10, one));
}

TEST(EstimateWork, GrowsWithThePricesOfALaneDay) {
  EXPECT_GT(WorkOf(1, 5, All(), 2'000), kQuickWorkMax);
  EXPECT_GT(WorkOf(1, 31, {}, 2'000), kQuickWorkMax);
  EXPECT_GT(WorkOf(4, 5, All(), 100'000), kShortWorkMax);
  EXPECT_LE(WorkOf(1, 31, {}, 50), kQuickWorkMax) << "to add them up is no work";
}

TEST(EstimateWork, IsThatOfTheQuery) {
  const SizedSnapshot snapshot({});
  RateOptions options = MakeOptions("2021-01-01", "2021-01-10");
  options.statistics.set(1);
  EstimateWork(snapshot, MakeLane("asia", "NLRTM"), options);
  EXPECT_EQ(snapshot.asked().origin, "asia");
  EXPECT_EQ(snapshot.asked().destination, "NLRTM");
  EXPECT_EQ(snapshot.asked().days, options.days);
  EXPECT_TRUE(snapshot.asked().with_percentiles);
}

// Passes on what it is asked, and answers with nothing.
class RecordingSnapshot final : public RateSnapshot {
 public:
  explicit RecordingSnapshot(RateQuery* asked) : asked_(*asked) {}
  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline&) const override {
    asked_ = query;
    return DailyRates();
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return absl::UnimplementedError("");
  }

 private:
  RateQuery& asked_;
  VersionId version_;
  LocationTree locations_;
};

TEST(GetDailyRates, AsksForWhatTheRequestSays) {
  RateQuery asked;
  const RecordingSnapshot snapshot(&asked);
  RateOptions options = MakeOptions("2021-01-01", "2021-01-03");
  options.min_price_count = 17;
  FAIRWAY_ASSERT_OK(GetDailyRates(snapshot, MakeLane("CNSHA", "asia"), options, Soon()));
  EXPECT_EQ(asked.origin, "CNSHA");
  EXPECT_EQ(asked.destination, "asia");
  EXPECT_EQ(asked.days, options.days);
  EXPECT_EQ(asked.min_price_count, 17);
  EXPECT_FALSE(asked.with_percentiles);
  options.statistics.set(6);
  FAIRWAY_ASSERT_OK(GetDailyRates(snapshot, MakeLane("CNSHA", "asia"), options, Soon()));
  EXPECT_TRUE(asked.with_percentiles);
}

// How often it is read to answer for so many lanes and days, while a helper is idle.
class HelpedRatesTest : public SmallWorldFixture {
 protected:
  size_t ReadingsOf(int64_t lanes, int days, const RateOptions& options, bool has_helper = true) {
    const auto stored = rates_.Snapshot(NewestHeld{}, Soon());
    WatchedSnapshot snapshot(stored->get());
    snapshot.SetLanes(lanes);
    rpc::Executor helper(1, 0);
    RateOptions asked = options;
    asked.days.last = asked.days.first + std::chrono::days(days - 1);
    const auto answer = GetDailyRates(snapshot, MakeLane("asia", "world"), asked, Soon(),
                                      has_helper ? &helper : nullptr);
    EXPECT_EQ(answer.value().rates.days.size(), days);
    return snapshot.readings().size();
  }
  static RateOptions WithMedian() {
    RateOptions options = MakeOptions("2021-01-01", "2021-01-01");
    options.statistics.set(3);
    return options;
  }
};

TEST_F(HelpedRatesTest, LongPercentilesAreReadInHalves) {
  EXPECT_EQ(ReadingsOf(10'000, 31, WithMedian()), 2);
  EXPECT_EQ(ReadingsOf(10'000, 7, WithMedian()), 2);
  EXPECT_EQ(ReadingsOf(100, 365, WithMedian()), 2);
}

TEST_F(HelpedRatesTest, OtherAnswersAreReadAtOnce) {
  EXPECT_EQ(ReadingsOf(10'000, 31, WithMedian(), /*has_helper=*/false), 1) << "from a database";
  EXPECT_EQ(ReadingsOf(10'000, 31, MakeOptions("2021-01-01", "2021-01-01")), 1) << "averages";
  EXPECT_EQ(ReadingsOf(10'000, 1, WithMedian()), 1) << "a day has no halves";
  EXPECT_EQ(ReadingsOf(10'000, 6, WithMedian()), 1) << "most of it is to turn to lanes";
  EXPECT_EQ(ReadingsOf(100, 31, WithMedian()), 1) << "sooner done than shared";
  RateOptions all = WithMedian();
  all.statistics.set();
  EXPECT_EQ(ReadingsOf(2, limits::kQueryDaysMax, all), 1) << "half of it is writing";
}

}  // namespace
}  // namespace fairway::query
