#include "libs/domain/day.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/testing/field_violations.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

TEST(DayTest, FormatsWhatItParses) {
  for (int32_t number = DayNumber(kDayMin); number <= DayNumber(kDayMax); ++number) {
    const Day day = DayFromNumber(number);
    Day read;
    ASSERT_TRUE(ReadIsoDay(FormatDay(day), read)) << FormatDay(day);
    ASSERT_EQ(read, day);
  }
}

TEST(DayTest, NumbersCountFromTheEpoch) {
  EXPECT_EQ(DayNumber(std::chrono::year(1970) / 1 / 1), 0);
  EXPECT_EQ(DayNumber(std::chrono::year(2021) / 1 / 1), 18628);
}

TEST(DayTest, RefusesTextThatIsNoDay) {
  for (absl::string_view text :
       {"", "2021-1-1", "2021-02-29", "2021-13-01", "2021-00-10", "2021-01-00", "20210101",
        "2021/01/01", "2021-01/01", "2021/01-01", " 2021-01-01", "2021-01-01 ", "2021-01-0x",
        "-021-01-01", "2021-01-01T00:00:00Z"}) {
    const absl::Status status = ParseDay("first_date", text).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidDate) << text;
  }
}

TEST(DayTest, ReadsDigitsOnly) {
  Day day;
  for (const absl::string_view text : {"-021-01-01", "x021-01-01", "202x-01-01", "2021-x1-01",
                                       "2021-1x-01", "2021-01-x1", "2021-01-1x", "+021-01-01"}) {
    EXPECT_FALSE(ReadIsoDay(text, day)) << text;
  }
  EXPECT_TRUE(ReadIsoDay("0000-01-01", day)) << "whatever the year";
  EXPECT_TRUE(ReadIsoDay("9999-12-31", day));
}

TEST(DayTest, CountsLeapYears) {
  EXPECT_TRUE(ParseDay("day", "2024-02-29").ok());
  EXPECT_FALSE(ParseDay("day", "2100-02-29").ok());
}

TEST(DayTest, HoldsTheRange) {
  EXPECT_THAT(ParseDay("day", "1990-01-01"), IsOkAndHolds(kDayMin));
  EXPECT_THAT(ParseDay("day", "2100-12-31"), IsOkAndHolds(kDayMax));
  for (const absl::string_view text : {"1989-12-31", "2101-01-01"}) {
    const absl::Status status = ParseDay("day", text).status();
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidDate);
    EXPECT_THAT(FieldsOf(status), ::testing::ElementsAre("day"));
  }
}

TEST(DayRangeTest, IsClosed) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DayRange range, ParseDayRange("2021-01-01", "2021-01-31"));
  EXPECT_EQ(range.size(), 31);
  EXPECT_TRUE(range.Contains(range.first));
  EXPECT_TRUE(range.Contains(range.last));
  EXPECT_FALSE(range.Contains(range.last + std::chrono::days(1)));
}

TEST(DayRangeTest, MayBeOneDay) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DayRange range, ParseDayRange("2021-01-31", "2021-01-31"));
  EXPECT_EQ(range.size(), 1);
  EXPECT_TRUE(range.Contains(range.first));
  EXPECT_FALSE(range.Contains(range.first - std::chrono::days(1)));
}

TEST(DayRangeTest, BothDaysAreReported) {
  const absl::Status status = ParseDayRange("2021-1-2", "2021-13-01").status();
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidDate);
  ASSERT_EQ(DetailsOf(status).field_violations.size(), 2);
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "first_date");
  EXPECT_EQ(DetailsOf(status).field_violations[1].field, "last_date");
}

TEST(DayRangeTest, RefusesTheWrongWayRound) {
  EXPECT_EQ(ReasonOf(ParseDayRange("2021-01-02", "2021-01-01").status()), reasons::kInvalidRange);
}

TEST(DayRangeTest, RefusesMoreDaysThanAQueryMayAsk) {
  EXPECT_TRUE(ParseDayRange("2020-01-01", "2025-01-03").ok());  // 1,830 days.
  EXPECT_EQ(ReasonOf(ParseDayRange("2020-01-01", "2025-01-04").status()), reasons::kRangeTooLarge);
}

TEST(DayTextsTest, AreThoseOfAllDays) {
  const DayTexts texts;
  for (Day day = kDayMin; day <= kDayMax; day += std::chrono::days(1)) {
    ASSERT_EQ(texts[day], FormatDay(day));
  }
  EXPECT_EQ(texts[kDayMin], "1990-01-01");
  EXPECT_EQ(texts[kDayMax], "2100-12-31");
}

}  // namespace
}  // namespace fairway
