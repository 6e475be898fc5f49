#include "services/cli/rates_table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::HasSubstr;

v1::GetDailyRatesResponse Rates() {
  v1::GetDailyRatesResponse response;
  const auto add = [&](const char* day, int count, double average) {
    v1::DailyRate* rate = response.add_rates();
    rate->set_day(day);
    rate->set_price_count(count);
    rate->set_availability(count == 0  ? v1::AVAILABILITY_NO_PRICES
                           : count < 3 ? v1::AVAILABILITY_TOO_FEW_PRICES
                                       : v1::AVAILABILITY_PUBLISHED);
    if (count >= 3) rate->set_average(average);
  };
  add("2021-01-01", 3, 100);
  add("2021-01-02", 4, 200.5);
  add("2021-01-03", 2, 0);
  add("2021-01-04", 0, 0);
  return response;
}

TEST(RatesTableTest, ShowsTheThreeCases) {
  const std::string table = FormatRatesTable(Rates());
  EXPECT_THAT(table, HasSubstr("2021-01-01   100.00       3  ▏\n"));
  EXPECT_THAT(table, HasSubstr("2021-01-02   200.50       4  ██████████████████████████████\n"));
  EXPECT_THAT(table, HasSubstr("too few prices"));
  EXPECT_THAT(table, HasSubstr("no prices"));
}

TEST(RatesTableTest, CsvIsForMachines) {
  EXPECT_EQ(
      FormatRatesCsv(Rates()),
      "day,average,price_count,availability\n2021-01-01,100,3,PUBLISHED\n"
      "2021-01-02,200.5,4,PUBLISHED\n2021-01-03,,2,TOO_FEW_PRICES\n2021-01-04,,0,NO_PRICES\n");
}

}  // namespace
}  // namespace fairway::cli
