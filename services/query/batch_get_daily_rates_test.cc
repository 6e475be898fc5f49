#include "services/query/batch_get_daily_rates.h"

#include <limits>
#include <string>
#include <vector>

#include "fairway/v1/rate_query_service.pb.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/query/executors.h"
#include "services/query/parse_rates.h"
#include "services/query/testing/small_world.h"
#include "services/query/testing/watched_snapshot.h"
#include "services/query/write_rates.h"

namespace fairway::query {
namespace {

using BatchGetDailyRatesTest = SmallWorldFixture;

absl::StatusOr<NamedLane> MalformedLane() {
  return InvalidLocationError("lanes[2].origin", "?", "malformed");
}

RateBatchRequest MakeBatch(std::vector<absl::StatusOr<NamedLane>> lanes,
                           bool return_partial_success = false) {
  return {.lanes = std::move(lanes),
          .options = MakeOptions("2021-01-01", "2021-01-03"),
          .return_partial_success = return_partial_success};
}

TEST_F(BatchGetDailyRatesTest, AnswersInOrder) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  RateBatchRequest batch =
      MakeBatch({MakeLane("CNSHA", "NLRTM"), MakeLane("asia", "USLAX"), MalformedLane()});
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(*snapshot, batch, Soon()).status()),
            reasons::kLocationNotFound);
  batch.return_partial_success = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto answers, BatchGetDailyRates(*snapshot, batch, Soon()));
  ASSERT_EQ(answers.size(), 3);
  EXPECT_EQ(answers[0]->rates.days.size(), 3);
  EXPECT_EQ(ReasonOf(answers[1].status()), reasons::kLocationNotFound);
  EXPECT_EQ(ReasonOf(answers[2].status()), reasons::kInvalidLocation);
  EXPECT_EQ(DetailsOf(answers[2].status()).field_violations[0].field, "lanes[2].origin");
}

TEST_F(BatchGetDailyRatesTest, AHelperTakesHalfOfALongLane) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto stored, rates_.Snapshot(NewestHeld{}, Soon()));
  WatchedSnapshot snapshot(stored.get());
  snapshot.SetLanes(10'000);
  RateBatchRequest batch = MakeBatch({MakeLane("asia", "world")});
  batch.options.days.last = batch.options.days.first + std::chrono::days(30);
  batch.options.statistics.set(3);
  rpc::Executor helper(1, 0);
  FAIRWAY_ASSERT_OK(BatchGetDailyRates(snapshot, batch, Soon(), &helper));
  EXPECT_EQ(snapshot.readings().size(), 2);
}

// Has its locations and no more.
class SnapshotWithoutDatabase final : public RateSnapshot {
 public:
  explicit SnapshotWithoutDatabase(const RateSnapshot* snapshot) : snapshot_(snapshot) {}
  const VersionId& version_id() const override { return snapshot_->version_id(); }
  const LocationTree& locations() const override { return snapshot_->locations(); }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return DatabaseUnavailableError("it went away");
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return DatabaseUnavailableError("it went away");
  }

 private:
  const RateSnapshot* const snapshot_;
};

TEST_F(BatchGetDailyRatesTest, PartialSuccessIsForFaultsOfLanesOnly) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  const RateBatchRequest batch =
      MakeBatch({MalformedLane(), MakeLane("CNSHA", "NLRTM")}, /*return_partial_success=*/true);
  const SnapshotWithoutDatabase away(snapshot.get());
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(away, batch, Soon()).status()),
            reasons::kDatabaseUnavailable);
}

TEST_F(BatchGetDailyRatesTest, StopsAtItsDeadline) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  const std::vector<absl::StatusOr<NamedLane>> lanes(100, MakeLane("CNSHA", "NLRTM"));
  FAIRWAY_EXPECT_OK(BatchGetDailyRates(*snapshot, MakeBatch(lanes), Soon()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      BatchGetDailyRates(*snapshot, MakeBatch(lanes), absl::InfinitePast()).status()));
}

TEST_F(BatchGetDailyRatesTest, IsNeverQuick) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  const int64_t none = EstimateBatchWork(*snapshot, MakeBatch({MalformedLane()}));
  EXPECT_GT(none, kQuickWorkMax);
  const RateBatchRequest two = MakeBatch({MakeLane("CNSHA", "NLRTM"), MakeLane("asia", "NLRTM")});
  EXPECT_EQ(EstimateBatchWork(*snapshot, two) - none,
            EstimateWork(*snapshot, *two.lanes[0], two.options) +
                EstimateWork(*snapshot, *two.lanes[1], two.options));
}

// With the greatest numbers there can be, and just as many days as are allowed.
TEST_F(BatchGetDailyRatesTest, TheLargestAnswerFitsInAMessage) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  for (const bool with_statistics : {false, true}) {
    const int days = with_statistics ? 443 : 1'344;
    const Day first = std::chrono::year(2021) / 1 / 1;
    v1::BatchGetDailyRatesRequest message;
    message.set_first_date(FormatDay(first));
    message.set_last_date(FormatDay(first + std::chrono::days(days - 1)));
    for (int i = 0; i < 100; ++i) {
      message.add_lanes()->set_origin("CNSHA");
      message.mutable_lanes(i)->set_destination("NLRTM");
    }
    for (int i = v1::RATE_STATISTIC_MIN; with_statistics && i <= v1::RATE_STATISTIC_MAX; ++i) {
      message.add_statistics(static_cast<v1::RateStatistic>(i));
    }
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateBatchRequest batch, ParseRateBatchRequest(message));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(auto answers, BatchGetDailyRates(*snapshot, batch, Soon()));
    const std::vector<LaneText> lanes(answers.size(), {std::string(63, 'a'), std::string(63, 'b')});
    for (absl::StatusOr<LaneAnswer>& answer : answers) {
      for (DailyRate& rate : answer->rates.days) {
        rate.price_count = std::numeric_limits<uint32_t>::max();
        rate.price_sum = std::numeric_limits<int64_t>::max();
      }
      answer->rates.percentiles.assign(answer->rates.days.size(), {1, 2, 3, 4, 5, 6, 7});
    }
    const grpc::Slice response = WriteRateBatch({}, lanes, answers, "");
    EXPECT_LE(response.size(), limits::kMessageBytesMax);
    EXPECT_GT(response.size(), limits::kMessageBytesMax * 9 / 10);
    message.set_last_date(FormatDay(first + std::chrono::days(days)));
    EXPECT_EQ(ReasonOf(ParseRateBatchRequest(message).status()), reasons::kRangeTooLarge);
  }
}

}  // namespace
}  // namespace fairway::query
