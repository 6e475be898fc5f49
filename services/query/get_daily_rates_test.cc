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

// As a book answers between two ports, or from totals.
class OneLaneSnapshot final : public RateSnapshot {
 public:
  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return absl::UnimplementedError("");
  }
  int64_t EstimateLanes(absl::string_view, absl::string_view, bool) const override { return 1; }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return absl::UnimplementedError("");
  }

 private:
  VersionId version_;
  LocationTree locations_;
};

int64_t WorkOf(int days, StatisticSet statistics = {}) {
  return EstimateWork(
      OneLaneSnapshot(), MakeLane("CNSHA", "NLRTM"),
      {.days = {kDayMin, kDayMin + std::chrono::days(days - 1)}, .statistics = statistics});
}

TEST(EstimateWork, AMonthIsQuickAndYearsAreNot) {
  EXPECT_LE(WorkOf(31), kQuickWorkMax);
  EXPECT_LE(WorkOf(31, StatisticSet().set()), kQuickWorkMax);
  EXPECT_GT(WorkOf(365), kQuickWorkMax) << "a day must be written, and sent";
  EXPECT_LE(WorkOf(limits::kQueryDaysMax), kShortWorkMax);
}

TEST(EstimateWork, GrowsWithLanesStatisticsAndDays) {
  // Knows what it is asked for.
  class WideSnapshot final : public RateSnapshot {
   public:
    const VersionId& version_id() const override { return version_; }
    const LocationTree& locations() const override { return locations_; }
    absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
      return absl::UnimplementedError("");
    }
    int64_t EstimateLanes(absl::string_view origin, absl::string_view destination,
                          bool with_percentiles) const override {
      if (origin != "asia" || destination != "europe") return 1;
      return with_percentiles ? 1'000 : 10;
    }
    absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                                const Deadline&) const override {
      return absl::UnimplementedError("");
    }

   private:
    VersionId version_;
    LocationTree locations_;
  };
  const WideSnapshot snapshot;
  const auto work = [&](const char* origin, const char* destination, StatisticSet statistics) {
    RateOptions options = MakeOptions("2021-01-01", "2021-01-10");
    options.statistics = statistics;
    return EstimateWork(snapshot, MakeLane(origin, destination), options);
  };
  const StatisticSet one = StatisticSet().set(1);
  EXPECT_EQ(work("asia", "europe", {}) - work("europe", "asia", {}), 9 * 10) << "lane-days";
  EXPECT_GT(work("asia", "europe", one), 10 * 1'000 * 10) << "prices are gathered and sorted";
  EXPECT_GT(work("asia", "europe", StatisticSet().set()), work("asia", "europe", one));
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
