#include "services/query/write_rates.h"

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "fairway/v1/rate_query_service.pb.h"
#include "gtest/gtest.h"

#include "libs/domain/errors.h"
#include "libs/rpc/server/message_bytes.h"

namespace fairway::query {
namespace {

constexpr Day kDay = std::chrono::year(2021) / 1 / 1;

// What the bytes say; they are those that protobuf writes of it.
template <typename Message>
Message Read(const grpc::Slice& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
  EXPECT_EQ(message.SerializeAsString(), rpc::ViewOf(bytes));
  EXPECT_TRUE(message.GetReflection()->GetUnknownFields(message).empty());
  return message;
}

v1::GetDailyRatesResponse Rates(const LaneAnswer& answer) {
  return Read<v1::GetDailyRatesResponse>(WriteDailyRates(answer));
}

TEST(WriteRatesTest, TheThreeCasesAreKeptApart) {
  const v1::GetDailyRatesResponse out =
      Rates({.rates = {.version = {7, 70},
                       .days = {{kDay, 3, 10},
                                {kDay + std::chrono::days(1), 2, 10},
                                {kDay + std::chrono::days(2), 0, 0}}},
             .min_price_count = 3});
  EXPECT_EQ(out.dataset_version(), 7);
  EXPECT_EQ(out.dataset_version_id(), 70);
  EXPECT_EQ(out.rates(0).availability(), v1::AVAILABILITY_PUBLISHED);
  EXPECT_DOUBLE_EQ(out.rates(0).average(), 10.0 / 3);
  EXPECT_EQ(out.rates(1).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_FALSE(out.rates(1).has_average());
  EXPECT_EQ(out.rates(1).price_count(), 2);
  EXPECT_EQ(out.rates(2).availability(), v1::AVAILABILITY_NO_PRICES);
  EXPECT_EQ(out.rates(2).day(), "2021-01-03");
}

TEST(WriteRatesTest, StatisticsAreThereWhereTheyWereAskedFor) {
  const StatisticSet statistics = StatisticSet().set(1).set(6);  // P10 and MAX.
  const v1::GetDailyRatesResponse out =
      Rates({.rates = {.days = {{kDay, 3, 10}, {kDay + std::chrono::days(1), 2, 10}},
                       .percentiles = {{1, 2, 3, 4, 5, 6, 7}, {}}},
             .min_price_count = 3,
             .statistics = statistics});
  EXPECT_EQ(out.rates(0).p10(), 2);
  EXPECT_EQ(out.rates(0).max(), 7);
  EXPECT_FALSE(out.rates(0).has_min());
  EXPECT_FALSE(out.rates(0).has_median());
  EXPECT_FALSE(out.rates(1).has_p10()) << "not published";
}

TEST(WriteRatesTest, EachStatisticHasItsField) {
  const v1::GetDailyRatesResponse out =
      Rates({.rates = {.days = {{kDay, 3, 10}}, .percentiles = {{1, 2, 3, 4, 5, 6, 7}}},
             .min_price_count = 3,
             .statistics = StatisticSet().set()});
  const v1::DailyRate& rate = out.rates(0);
  EXPECT_EQ(rate.min(), 1);
  EXPECT_EQ(rate.p10(), 2);
  EXPECT_EQ(rate.p25(), 3);
  EXPECT_EQ(rate.median(), 4);
  EXPECT_EQ(rate.p75(), 5);
  EXPECT_EQ(rate.p90(), 6);
  EXPECT_EQ(rate.max(), 7);
}

TEST(WriteRatesTest, ALaneThatFailedHasAStatus) {
  const std::vector<LaneText> lanes = {{"XXXXX", ""}, {"", "an unknown \xE2\x98\x83"}};
  const std::vector<absl::StatusOr<LaneAnswer>> answers = {
      LocationNotFoundError("XXXXX"), absl::InternalError("a detail of this program")};
  const auto out =
      Read<v1::BatchGetDailyRatesResponse>(WriteRateBatch({}, lanes, answers, "an-id"));
  EXPECT_EQ(out.lanes(0).lane().origin(), "XXXXX");
  EXPECT_EQ(out.lanes(0).status().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_EQ(out.lanes(0).status().details_size(), 1);
  EXPECT_EQ(out.lanes(1).lane().destination(), lanes[1].destination);
  EXPECT_EQ(out.lanes(1).status().message(), "internal error; quote request id an-id")
      << "what is secret is not in it";
}

TEST(WriteRatesTest, AnAnswerOfNothingIsNoBytes) {
  EXPECT_EQ(WriteDailyRates({}).size(), 0);
  EXPECT_EQ(WriteRateBatch({}, {}, {}, "an-id").size(), 0);
}

// The same answers as protobuf's objects.
v1::DailyRate AsProtobuf(const DailyRate& rate, const LaneAnswer& answer,
                         const Percentiles& percentiles) {
  v1::DailyRate out;
  out.set_day(FormatDay(rate.day));
  out.set_price_count(rate.price_count);
  if (rate.price_count >= answer.min_price_count) {
    out.set_availability(v1::AVAILABILITY_PUBLISHED);
    out.set_average(rate.average());
    for (size_t i = 0; i < percentiles.size(); ++i) {
      if (!answer.statistics[i]) continue;
      const auto* field = v1::DailyRate::descriptor()->FindFieldByNumber(5 + static_cast<int>(i));
      out.GetReflection()->SetDouble(&out, field, percentiles[i]);
    }
  } else {
    out.set_availability(rate.price_count == 0 ? v1::AVAILABILITY_NO_PRICES
                                               : v1::AVAILABILITY_TOO_FEW_PRICES);
  }
  return out;
}

template <typename Message>
void AddRates(const LaneAnswer& answer, Message& out) {
  const auto& rates = answer.rates;
  for (size_t i = 0; i < rates.days.size(); ++i) {
    *out.add_rates() = AsProtobuf(rates.days[i], answer,
                                  rates.percentiles.empty() ? Percentiles() : rates.percentiles[i]);
  }
}

class RandomAnswers {
 public:
  explicit RandomAnswers(uint32_t seed) : random_(seed) {}

  // 0..max, small ones often.
  int64_t Number(int64_t max) {
    const int64_t bound = std::uniform_int_distribution<int64_t>(0, max)(random_) >> Below(63);
    return std::uniform_int_distribution<int64_t>(0, bound)(random_);
  }
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  VersionId Version() {
    return {Number(int64_t{1} << 53), static_cast<uint64_t>(Number(INT64_MAX))};
  }
  LaneAnswer Answer() {
    LaneAnswer answer{.min_price_count = 3 + Number(1'000), .statistics = Below(1 << 7)};
    if (Below(2) == 0) answer.statistics = {};
    answer.rates.version = Version();
    const int days = Below(40);
    const Day first = kDayMin + std::chrono::days(Below((kDayMax - kDayMin).count() - days));
    for (int i = 0; i < days; ++i) {
      const int64_t count = Number(int64_t{1} << 40);
      answer.rates.days.push_back(
          {first + std::chrono::days(i), count, count == 0 ? 0 : count + Number(1'000'000)});
      if (answer.statistics.none()) continue;
      answer.rates.percentiles.emplace_back();
      for (double& value : answer.rates.percentiles.back()) {
        value = static_cast<double>(Number(10'000'000)) / 7;
      }
    }
    return answer;
  }
  std::string Text() { return std::string(static_cast<size_t>(Number(300)), 'x'); }

 private:
  std::mt19937 random_;
};

class WriteRandomRatesTest : public ::testing::Test {
 protected:
  const uint32_t seed_ = std::random_device()();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
  RandomAnswers random_{seed_};
};

TEST_F(WriteRandomRatesTest, DailyRatesAreTheBytesOfProtobuf) {
  for (int round = 0; round < 500; ++round) {
    const LaneAnswer answer = random_.Answer();
    v1::GetDailyRatesResponse expected;
    AddRates(answer, expected);
    expected.set_dataset_version(answer.rates.version.number);
    expected.set_dataset_version_id(answer.rates.version.identity);
    ASSERT_EQ(rpc::ViewOf(WriteDailyRates(answer)), expected.SerializeAsString());
  }
}

TEST_F(WriteRandomRatesTest, BatchesAreTheBytesOfProtobuf) {
  for (int round = 0; round < 100; ++round) {
    const VersionId version = random_.Version();
    std::vector<LaneText> lanes;
    std::vector<absl::StatusOr<LaneAnswer>> answers;
    v1::BatchGetDailyRatesResponse expected;
    for (int i = random_.Below(5); i > 0; --i) {
      lanes.push_back({random_.Text(), random_.Text()});
      answers.push_back(random_.Answer());
      v1::LaneRates& lane = *expected.add_lanes();
      lane.mutable_lane()->set_origin(lanes.back().origin);
      lane.mutable_lane()->set_destination(lanes.back().destination);
      AddRates(*answers.back(), lane);
    }
    expected.set_dataset_version(version.number);
    expected.set_dataset_version_id(version.identity);
    ASSERT_EQ(rpc::ViewOf(WriteRateBatch(version, lanes, answers, "an-id")),
              expected.SerializeAsString());
  }
}

TEST_F(WriteRandomRatesTest, MessagesOfAnExportAreTheBytesOfProtobuf) {
  for (int round = 0; round < 100; ++round) {
    const VersionId version = random_.Version();
    const std::string token = random_.Text().substr(0, kResumeTokenBytesMax);
    ExportMessage message;
    EXPECT_TRUE(message.empty());
    v1::ExportDailyRatesResponse expected;
    for (int i = 1 + random_.Below(5); i > 0; --i) {
      const LaneAnswer answer = random_.Answer();
      ASSERT_TRUE(message.Add({*LocationCode::Parse("origin", "CNSHA"),
                               *LocationCode::Parse("destination", "north_europe_main")},
                              answer));
      v1::LaneRates& rates = *expected.add_lanes();
      rates.mutable_lane()->set_origin("CNSHA");
      rates.mutable_lane()->set_destination("north_europe_main");
      AddRates(answer, rates);
    }
    expected.set_dataset_version(version.number);
    expected.set_dataset_version_id(version.identity);
    expected.set_resume_token(token);
    ASSERT_EQ(rpc::ViewOf(message.Finish(version, token)), expected.SerializeAsString());
  }
}

}  // namespace
}  // namespace fairway::query
