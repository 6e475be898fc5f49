#include "services/cli/transfer/chunk_writer.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::ElementsAre;

TEST(ChunkWriterTest, SendsValidDaysAsColumnsWithEachPortOnce) {
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

// As the service checks them, not this program.
TEST(ChunkWriterTest, SendsMissingTextsAsTheyAre) {
  ChunkWriter writer;
  writer.Add({"CNSHA", "", "2021-01-01", 5});
  writer.Add({"", "CNSHA", "2021-01-01", 6});
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().ports(), ElementsAre("CNSHA", ""));
  EXPECT_THAT(chunk.columns().origins(), ElementsAre(0, 1));
  EXPECT_THAT(chunk.columns().destinations(), ElementsAre(1, 0));
  writer.Add({"CNSHA", "NLRTM", "", 5});
  writer.TakeInto(chunk);
  EXPECT_EQ(chunk.rows().prices(0).day(), "");
}

TEST(ChunkWriterTest, RowsThatRepeatTextsAreColumnsAsWell) {
  ChunkWriter writer;
  for (const char* day : {"2021-01-01", "2021-01-01", "2021-01-02", "2021-01-01"}) {
    writer.Add({"CNSHA", "NLRTM", day, 5});
    writer.Add({"CNSHA", "CNSHA", day, 6});
  }
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().origins(), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(chunk.columns().destinations(), ElementsAre(1, 0, 1, 0, 1, 0, 1, 0));
  EXPECT_THAT(chunk.columns().day_numbers(),
              ElementsAre(18'628, 18'628, 18'628, 18'628, 18'629, 18'629, 18'628, 18'628));
}

TEST(ChunkWriterTest, SendsAnInvalidDayAsWritten) {
  ChunkWriter writer;
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.Add({"CNSHA", "NLRTM", "yesterday", 6});
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_EQ(chunk.rows().prices(1).day(), "yesterday");
  EXPECT_EQ(chunk.rows().prices(1).price(), 6);
  EXPECT_EQ(chunk.rows().prices_size(), 2);
  EXPECT_EQ(chunk.rows().prices(0).origin(), "CNSHA");
  EXPECT_EQ(chunk.rows().prices(0).destination(), "NLRTM");
  EXPECT_EQ(chunk.rows().prices(0).day(), "2021-01-01");
  EXPECT_EQ(chunk.rows().prices(0).price(), 5);
}

TEST(ChunkWriterTest, RejectedRowsKeepTheirPositions) {
  ChunkWriter writer;
  const RowError no_number = {
      .field = "price", .reason = RowErrorReason::kNotANumber, .value = "1250.50"};
  const RowError malformed = {
      .field = "row", .reason = RowErrorReason::kMalformedRow, .value = "a,b"};
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.Add({"CNSHA", "XXXXX", "2021-01-02", 7, {no_number}});
  writer.Add({"CNSHA", "NLRTM", "2021-01-03", 6});
  writer.Add({"", "", "", 0, {malformed}});
  EXPECT_EQ(writer.row_count(), 4);
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().prices(), ElementsAre(5, 6));
  ASSERT_EQ(chunk.rejected_rows_size(), 2);
  const v1::RejectedRow& first = chunk.rejected_rows(0);
  EXPECT_EQ(first.position(), 1);
  EXPECT_EQ(first.readable().origin(), "CNSHA");
  EXPECT_EQ(first.readable().destination(), "XXXXX");
  EXPECT_EQ(first.readable().day(), "2021-01-02");
  EXPECT_EQ(first.readable().price(), 7);
  EXPECT_EQ(first.errors(0).field(), "price");
  EXPECT_EQ(first.errors(0).reason(), v1::ROW_ERROR_REASON_NOT_A_NUMBER);
  EXPECT_EQ(first.errors(0).value(), "1250.50");
  EXPECT_EQ(chunk.rejected_rows(1).position(), 3);
  EXPECT_EQ(chunk.rejected_rows(1).errors(0).reason(), v1::ROW_ERROR_REASON_MALFORMED_ROW);

  writer.Add({"", "", "", 0, {malformed}});
  writer.TakeInto(chunk);  // Replaces the content of the last chunk.
  EXPECT_EQ(chunk.form_case(), v1::PriceChunk::FORM_NOT_SET);
  ASSERT_EQ(chunk.rejected_rows_size(), 1);
  EXPECT_EQ(chunk.rejected_rows(0).position(), 0);
}

// Adds the same row until the chunk is full; returns how many, and the chunk's size.
std::pair<size_t, size_t> Fill(const price_files::PriceText& row) {
  ChunkWriter writer;
  while (!writer.full() && writer.row_count() < 100'000) writer.Add(row);
  const size_t rows = writer.row_count();
  v1::PriceChunk chunk;
  writer.TakeInto(chunk);
  return {rows, chunk.ByteSizeLong()};
}

TEST(ChunkWriterTest, HasABoundedNumberOfRows) {
  EXPECT_EQ(Fill({"CNSHA", "NLRTM", "2021-01-01", 5}).first, 16'384);
}

TEST(ChunkWriterTest, LongTextsFillItSooner) {
  const std::string text(10'000, 'x');
  const RowError error = {
      .field = "row", .reason = RowErrorReason::kMalformedRow, .value = std::string(5'000, 'y')};
  // An invalid day makes rows of the chunk, which repeat their texts.
  for (const price_files::PriceText& row :
       {price_files::PriceText{text, "B", "x", 5}, price_files::PriceText{"A", text, "x", 5},
        price_files::PriceText{"A", "B", text, 5},
        price_files::PriceText{"A", "B", "x", 0, {error, error}}}) {
    const auto [rows, bytes] = Fill(row);
    EXPECT_GE(rows, 200);
    EXPECT_LE(bytes, size_t{5} << 19) << "somewhat more than half a message";
  }
}

TEST(ChunkWriterTest, EachChunkBeginsAnew) {
  ChunkWriter writer;
  v1::PriceChunk chunk;
  const std::string text(10'000, 'x');
  for (int i = 0; i < 3; ++i) {
    while (!writer.full()) writer.Add({text, "B", "x", 5});
    EXPECT_EQ(writer.row_count(), 210);
    writer.TakeInto(chunk);
    EXPECT_EQ(chunk.rows().prices_size(), 210);
    EXPECT_FALSE(writer.full());
  }
  writer.Add({"CNSHA", "NLRTM", "2021-01-01", 5});
  writer.TakeInto(chunk);
  EXPECT_EQ(chunk.columns().prices_size(), 1);
  writer.Add({"NLRTM", "CNSHA", "2021-01-01", 6});
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().ports(), ElementsAre("NLRTM", "CNSHA"));
  EXPECT_THAT(chunk.columns().prices(), ElementsAre(6));
  writer.Add({"NLRTM", "CNSHA", "2021-01-01", 7});
  writer.TakeInto(chunk);
  EXPECT_THAT(chunk.columns().ports(), ElementsAre("NLRTM", "CNSHA"));
}

}  // namespace
}  // namespace fairway::cli
