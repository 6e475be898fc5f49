#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/price_files/file_error.h"
#include "services/cli/chunk_writer.h"
#include "services/cli/exit_code.h"
#include "services/cli/output.h"
#include "services/cli/progress.h"
#include "services/cli/rates_table.h"

namespace fairway::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ExitCodeTest, ScriptsCanBranchOnIt) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(LocationNotFoundError("X")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(BatchHasInvalidRowsError({"a", "b"}, {})), ExitCode::kBadRows);
  EXPECT_EQ(ExitCodeOf(DrainingError()), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(DeadlineExceededError()), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(price_files::FileError("a.csv", "gone")), ExitCode::kFile);
}

TEST(ExitCodeTest, AnArgumentIsWrongWhoeverFindsIt) {
  for (const absl::Status& status :
       {UsageError("x"), InvalidDateError("first_date", "x", "no day"), InvalidBatchIdError("X"),
        InvalidRangeError("2026-01-02", "2026-01-01"), RangeTooLargeError(9'999),
        InvalidPartnerError("X"), InvalidLabelError("long"),
        InvalidLocationError("origin", "x", "no code")}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kUsage) << status;
  }
  // The location is one of a file's.
  EXPECT_EQ(ExitCodeOf(InvalidLocationError("ports[3].code", "x", "no code")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(TooManyRowsError(5)), ExitCode::kRefused);
}

TEST(ChunkWriterTest, ValidDaysGoAsColumnsWithEachPortOnce) {
  ChunkWriter writer;
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.Add({"NLRTM", "CNSHA", "1970-01-02", 6});
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().ports(), ElementsAre("CNSHA", "NLRTM"));
  EXPECT_THAT(chunk.columns().origins(), ElementsAre(0, 1));
  EXPECT_THAT(chunk.columns().day_numbers(), ElementsAre(18'628, 1));
  EXPECT_EQ(writer.row_count(), 0);
}

TEST(ChunkWriterTest, ADayThatIsNoneIsSentAsItWas) {
  ChunkWriter writer;
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.Add({"CNSHA", "NLRTM", "yesterday", 6});
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_EQ(chunk.rows().prices(1).day(), "yesterday");
  EXPECT_EQ(chunk.rows().prices_size(), 2);
}

TEST(ChunkWriterTest, RowsThatAreNoPricesKeepTheirPlaces) {
  ChunkWriter writer;
  const RowError no_number = {
      .field = "price", .reason = RowErrorReason::kNotANumber, .value = "1250.50"};
  const RowError malformed = {
      .field = "row", .reason = RowErrorReason::kMalformedRow, .value = "a,b"};
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.Add({"CNSHA", "XXXXX", "2021-01-02", 0, {no_number}});
  writer.Add({"CNSHA", "NLRTM", "2021-01-03", 6});
  writer.Add({"", "", "", 0, {malformed}});
  EXPECT_EQ(writer.row_count(), 4);
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().prices(), ElementsAre(5, 6));
  ASSERT_EQ(chunk.rejected_rows_size(), 2);
  const v1::RejectedRow& first = chunk.rejected_rows(0);
  EXPECT_EQ(first.position(), 1);
  EXPECT_EQ(first.readable().destination(), "XXXXX");
  EXPECT_EQ(first.errors(0).field(), "price");
  EXPECT_EQ(first.errors(0).reason(), v1::ROW_ERROR_REASON_NOT_A_NUMBER);
  EXPECT_EQ(first.errors(0).value(), "1250.50");
  EXPECT_EQ(chunk.rejected_rows(1).position(), 3);
  EXPECT_EQ(chunk.rejected_rows(1).errors(0).reason(), v1::ROW_ERROR_REASON_MALFORMED_ROW);

  writer.Add({"", "", "", 0, {malformed}});
  writer.TakeInto(chunk);  // Nothing is left of the chunk before.
  EXPECT_EQ(chunk.form_case(), v1::PriceChunk::FORM_NOT_SET);
  ASSERT_EQ(chunk.rejected_rows_size(), 1);
  EXPECT_EQ(chunk.rejected_rows(0).position(), 0);
}

TEST(ProgressTest, TellsRateAndTimeLeft) {
  EXPECT_EQ(FormatProgress(1'500'000, absl::Seconds(3), std::nullopt),
            "1,500,000 rows  500,000 rows/s");
  EXPECT_THAT(FormatProgress(100, absl::Seconds(10), 0.25),
              HasSubstr("[######..................] 25 %  ETA 30s"));
}

TEST(OutputTest, CountsAreGrouped) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'234'567), "1,234,567");
  EXPECT_EQ(FormatCount(-1'234), "-1,234");
}

TEST(OutputTest, OneIsOne) {
  EXPECT_EQ(FormatCount(0, "lane"), "0 lanes");
  EXPECT_EQ(FormatCount(1, "lane"), "1 lane");
  EXPECT_EQ(FormatCount(1'000, "lane"), "1,000 lanes");
}

TEST(OutputTest, TablesAreAligned) {
  EXPECT_EQ(FormatTable({{"NAME", "COUNT"}, {"a", "7"}, {"São", "1,000"}}),
            "NAME  COUNT\na         7\nSão   1,000\n");
}

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
