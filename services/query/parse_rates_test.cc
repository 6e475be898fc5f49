#include "services/query/parse_rates.h"

#include <string>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/testing/field_violations.h"
#include "services/query/parse_consistency.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Lane MakeProtoLane(const std::string& origin, const std::string& destination) {
  v1::Lane lane;
  lane.set_origin(origin);
  lane.set_destination(destination);
  return lane;
}

// A request that is in order, for lanes of the kinds that have a list of them.
template <typename Request>
Request WithDays(const std::string& first_date = "2021-01-01",
                 const std::string& last_date = "2021-01-03") {
  Request request;
  request.set_first_date(first_date);
  request.set_last_date(last_date);
  return request;
}

class ParseRateRequestTest : public ::testing::Test {
 protected:
  ParseRateRequestTest() : message_(WithDays<v1::GetDailyRatesRequest>()) {
    message_.set_origin("CNSHA");
    message_.set_destination("north_europe");
  }
  template <typename Change>
  std::string ReasonAfter(Change change) const {
    v1::GetDailyRatesRequest changed = message_;
    change(changed);
    return ReasonOf(ParseRateRequest(changed).status());
  }

  v1::GetDailyRatesRequest message_;
};

TEST_F(ParseRateRequestTest, ReadsEachField) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateRequest least, ParseRateRequest(message_));
  EXPECT_EQ(least.lane.origin.text(), "CNSHA");
  EXPECT_EQ(least.lane.destination.text(), "north_europe");
  EXPECT_EQ(FormatDay(least.options.days.first), "2021-01-01");
  EXPECT_EQ(FormatDay(least.options.days.last), "2021-01-03");
  EXPECT_EQ(least.options.min_price_count, 3);
  EXPECT_TRUE(least.options.statistics.none());
  EXPECT_TRUE(std::holds_alternative<NewestHeld>(least.consistency));
  message_.set_min_price_count(1'000'000);
  message_.add_statistics(v1::RATE_STATISTIC_MIN);
  message_.add_statistics(v1::RATE_STATISTIC_MAX);
  message_.mutable_consistency()->set_exact(4);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateRequest all, ParseRateRequest(message_));
  EXPECT_EQ(all.options.min_price_count, 1'000'000);
  EXPECT_EQ(all.options.statistics.to_string(), "1000001");
  EXPECT_EQ(std::get<Exactly>(all.consistency).version.number, 4);
}

TEST_F(ParseRateRequestTest, ChecksEachField) {
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_origin("?"); }), reasons::kInvalidLocation);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.clear_destination(); }), reasons::kInvalidLocation);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_first_date("2021-1-1"); }), reasons::kInvalidDate);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_last_date("2020-12-31"); }), reasons::kInvalidRange);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_last_date("2026-12-31"); }), reasons::kRangeTooLarge);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_min_price_count(2); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_min_price_count(-1); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_min_price_count(1'000'001); }),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.mutable_consistency()->set_exact(-1); }),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_min_price_count(3); }), "");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.set_min_price_count(4); }), "");
}

TEST_F(ParseRateRequestTest, EveryBadFieldIsReported) {
  message_.set_origin("?");
  message_.set_destination("");
  message_.set_first_date("yesterday");
  message_.set_last_date("2021-02-30");
  message_.set_min_price_count(2);
  message_.add_statistics(v1::RATE_STATISTIC_UNSPECIFIED);
  message_.add_statistics(static_cast<v1::RateStatistic>(8));
  message_.mutable_consistency()->set_at_least(-1);
  const absl::Status status = ParseRateRequest(message_).status();
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation) << "that of the first";
  EXPECT_THAT(FieldsOf(status),
              ElementsAre("origin", "destination", "first_date", "last_date", "min_price_count",
                          "statistics[0]", "statistics[1]", "consistency.at_least"));
}

TEST_F(ParseRateRequestTest, StatisticsAreThoseOfTheContract) {
  for (int value = v1::RATE_STATISTIC_MIN; value <= v1::RATE_STATISTIC_MAX; ++value) {
    v1::GetDailyRatesRequest one = message_;
    one.add_statistics(static_cast<v1::RateStatistic>(value));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateRequest request, ParseRateRequest(one));
    EXPECT_EQ(request.options.statistics, StatisticSet().set(static_cast<size_t>(value - 1)));
  }
  for (const int value : {-1, 0, 8}) {
    EXPECT_EQ(
        ReasonAfter([&](auto& q) { q.add_statistics(static_cast<v1::RateStatistic>(value)); }),
        reasons::kInvalidRequest)
        << value;
  }
}

TEST(ParseConsistencyTest, IsOneOfFour) {
  v1::Consistency asked;
  EXPECT_TRUE(std::holds_alternative<NewestHeld>(*ParseConsistency(asked)));
  asked.set_at_least(3);
  EXPECT_EQ(std::get<AtLeast>(*ParseConsistency(asked)).version, (VersionId{3, 0}));
  asked.set_at_least(-1);
  EXPECT_EQ(ReasonOf(ParseConsistency(asked).status()), reasons::kInvalidRequest);
  asked.set_exact(4);
  asked.set_version_id(40);
  EXPECT_EQ(std::get<Exactly>(*ParseConsistency(asked)).version, (VersionId{4, 40}));
  asked.set_exact(-4);
  EXPECT_EQ(ReasonOf(ParseConsistency(asked).status()), reasons::kInvalidRequest);
  asked.mutable_max_staleness()->set_nanos(5'000'000);
  EXPECT_EQ(ReasonOf(ParseConsistency(asked).status()), reasons::kInvalidRequest)
      << "an identity of nothing";
  asked.mutable_max_staleness()->set_nanos(1'000'000'000);
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()),
              ElementsAre("consistency.version_id", "consistency.max_staleness"));
  asked.clear_version_id();
  EXPECT_EQ(ReasonOf(ParseConsistency(asked).status()), reasons::kInvalidRequest);
  asked.mutable_max_staleness()->set_nanos(5'000'000);
  EXPECT_EQ(std::get<MaxStaleness>(*ParseConsistency(asked)).duration, absl::Milliseconds(5));
  asked.mutable_max_staleness()->set_nanos(-1);
  EXPECT_EQ(ReasonOf(ParseConsistency(asked).status()), reasons::kInvalidRequest);
}

TEST(ParseConsistencyTest, NothingIsAsFreshAsCanBe) {
  v1::Consistency asked;
  asked.set_at_least(0);
  EXPECT_EQ(std::get<AtLeast>(*ParseConsistency(asked)).version, VersionId());
  asked.set_version_id(40);
  EXPECT_EQ(std::get<AtLeast>(*ParseConsistency(asked)).version, (VersionId{0, 40}));
  asked.set_exact(0);
  EXPECT_EQ(std::get<Exactly>(*ParseConsistency(asked)).version, (VersionId{0, 40}));
  asked.clear_version_id();
  asked.mutable_max_staleness();
  EXPECT_EQ(std::get<MaxStaleness>(*ParseConsistency(asked)).duration, absl::ZeroDuration());
}

TEST(ParseConsistencyTest, NamesTheFieldThatIsWrong) {
  v1::Consistency asked;
  asked.set_version_id(40);
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()), ElementsAre("consistency.version_id"));
  asked.clear_version_id();
  asked.set_at_least(-1);
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()), ElementsAre("consistency.at_least"));
  asked.set_exact(-1);
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()), ElementsAre("consistency.exact"));
  asked.mutable_max_staleness()->set_seconds(-1);
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()), ElementsAre("consistency.max_staleness"));
  asked.mutable_max_staleness()->set_nanos(1);  // Of another sign.
  EXPECT_THAT(FieldsOf(ParseConsistency(asked).status()), ElementsAre("consistency.max_staleness"));
}

TEST(ParseRateBatchTest, EveryBadFieldIsReported) {
  auto message = WithDays<v1::BatchGetDailyRatesRequest>("2021-1-1");
  *message.add_lanes() = MakeProtoLane("CNSHA", "?");
  *message.add_lanes() = MakeProtoLane("CNSHA", "asia");
  *message.add_lanes() = MakeProtoLane("!", "");
  EXPECT_THAT(
      FieldsOf(ParseRateBatchRequest(message).status()),
      ElementsAre("first_date", "lanes[0].destination", "lanes[2].origin", "lanes[2].destination"));
  message.clear_lanes();
  message.set_min_price_count(2);
  EXPECT_THAT(FieldsOf(ParseRateBatchRequest(message).status()),
              ElementsAre("first_date", "min_price_count", "lanes"));
}

TEST(ParseRateBatchTest, WherePartialSuccessIsWantedABadLaneFailsAlone) {
  auto message = WithDays<v1::BatchGetDailyRatesRequest>();
  message.set_return_partial_success(true);
  *message.add_lanes() = MakeProtoLane("?", "");
  *message.add_lanes() = MakeProtoLane("CNSHA", "asia");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateBatchRequest batch, ParseRateBatchRequest(message));
  ASSERT_EQ(batch.lanes.size(), 2);
  EXPECT_THAT(FieldsOf(batch.lanes[0].status()),
              ElementsAre("lanes[0].origin", "lanes[0].destination"));
  EXPECT_EQ(batch.lanes[1]->destination.text(), "asia");
  message.set_last_date("2020-12-31");
  EXPECT_THAT(FieldsOf(ParseRateBatchRequest(message).status()), ElementsAre("last_date"));
}

TEST(ParseRateBatchTest, LanesAreBounded) {
  auto message = WithDays<v1::BatchGetDailyRatesRequest>();
  EXPECT_EQ(ReasonOf(ParseRateBatchRequest(message).status()), reasons::kInvalidRequest);
  for (int i = 0; i < 100; ++i) *message.add_lanes() = MakeProtoLane("CNSHA", "NLRTM");
  FAIRWAY_EXPECT_OK(ParseRateBatchRequest(message));
  *message.add_lanes() = MakeProtoLane("CNSHA", "NLRTM");
  EXPECT_EQ(ReasonOf(ParseRateBatchRequest(message).status()), reasons::kTooManyLanes);
}

class ParseRateExportTest : public ::testing::Test {
 protected:
  ParseRateExportTest() { *message_.add_lanes() = MakeProtoLane("CNSHA", "asia"); }

  v1::ExportDailyRatesRequest message_ = WithDays<v1::ExportDailyRatesRequest>();
};

TEST_F(ParseRateExportTest, EveryBadFieldIsReported) {
  *message_.add_lanes() = MakeProtoLane("", "CNSHA");
  message_.set_last_date("x");
  message_.set_min_price_count(1);
  message_.mutable_consistency()->set_exact(-1);
  EXPECT_THAT(FieldsOf(ParseRateExportRequest(message_).status()),
              ElementsAre("last_date", "min_price_count", "consistency.exact", "lanes[1].origin"));
}

TEST_F(ParseRateExportTest, BeginsAtTheFirstLane) {
  message_.mutable_consistency()->set_at_least(3);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateExportRequest request, ParseRateExportRequest(message_));
  EXPECT_EQ(request.begin, ExportCursor());
  EXPECT_EQ(std::get<AtLeast>(request.consistency).version.number, 3);
  message_.clear_lanes();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateExportRequest all, ParseRateExportRequest(message_));
  EXPECT_THAT(all.lanes, IsEmpty());
}

TEST_F(ParseRateExportTest, GoesOnBehindATokenOfTheSameRequest) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateExportRequest first, ParseRateExportRequest(message_));
  const ExportCursor cursor = {.version = {7, 70}, .lanes_sent = 1};
  message_.set_resume_token(FormatResumeToken(first.fingerprint, cursor));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateExportRequest next, ParseRateExportRequest(message_));
  EXPECT_EQ(next.begin, cursor);
  EXPECT_EQ(next.fingerprint, first.fingerprint);
  EXPECT_EQ(std::get<Exactly>(next.consistency).version, cursor.version);
  const auto reason_after = [&](auto change) {
    v1::ExportDailyRatesRequest changed = message_;
    change(changed);
    return ReasonOf(ParseRateExportRequest(changed).status());
  };
  EXPECT_EQ(reason_after([](auto& e) { e.set_last_date("2021-01-04"); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.set_first_date("2021-01-02"); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.clear_lanes(); }), reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.set_min_price_count(4); }), reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.add_statistics(v1::RATE_STATISTIC_MIN); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.mutable_consistency()->set_exact(7); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& e) { e.set_resume_token("x"); }), reasons::kInvalidPageToken);
}

}  // namespace
}  // namespace fairway::query
