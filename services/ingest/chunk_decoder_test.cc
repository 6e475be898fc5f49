#include "services/ingest/chunk_decoder.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "services/ingest/testing/chunk_decoder_fixture.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ChunkDecoderTest = ChunkDecoderFixture;

TEST_F(ChunkDecoderTest, ReadsWhatProtobufReads) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  v1::PriceChunk rows;
  v1::PriceChunk columns;
  std::vector<std::string> row_texts;
  std::vector<std::string> column_texts;
  for (const char* port : {"CNSHA", "NLRTM"}) columns.mutable_columns()->add_ports(port);
  for (int i = 0; i < 5000; ++i) {
    const auto price = static_cast<int64_t>(random() >> (random() % 64));
    const auto day = static_cast<int32_t>(random());
    AddRow(rows, absl::StrCat(price % 7), price);
    row_texts.push_back(absl::StrCat(price % 7, " NLRTM 2026-01-01 ", price));
    AddColumnRow(*columns.mutable_columns(), static_cast<uint32_t>(i) % 2, day, price);
    column_texts.push_back(
        absl::StrCat(i % 2 == 0 ? "CNSHA" : "NLRTM", " NLRTM ", day, " ", price));
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto read_rows, Decode(rows));
  EXPECT_EQ(read_rows, row_texts);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto read_columns, Decode(columns));
  EXPECT_EQ(read_columns, column_texts);
}

TEST_F(ChunkDecoderTest, NumbersNeedNotBePacked) {
  // ports "A", "B"; origins 1, [0, 1]; destinations [0], 0, 0; day_numbers 2 2 2; prices 5 6 7.
  const std::string columns(
      "\x0A\x01"
      "A\x10\x01\x0A\x01"
      "B\x12\x02\x00\x01"
      "\x1A\x01\x00\x18\x00\x18\x00"
      "\x22\x03\x04\x04\x04\x28\x05\x28\x06\x2A\x01\x07",
      31);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto rows,
                               Decode(absl::StrCat(std::string("\x12\x1F", 2), columns)));
  EXPECT_THAT(rows, ElementsAre("B A 2 5", "A A 2 6", "B A 2 7"));
  v1::PriceColumns parsed;
  ASSERT_TRUE(parsed.ParseFromString(columns));
  EXPECT_THAT(parsed.origins(), ElementsAre(1, 0, 1));
}

TEST_F(ChunkDecoderTest, RejectedRowsKeepTheirPlaces) {
  v1::PriceChunk chunk;
  AddRejected(chunk, 0).mutable_readable()->set_origin("CNSHA");
  AddRow(chunk, "A", 1);
  AddRow(chunk, "B", 2);
  AddRejected(chunk, 3);
  AddRejected(chunk, 4);
  const std::string rejected = "rejected    0 price NOT_A_NUMBER n/a";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto rows, Decode(chunk));
  EXPECT_THAT(rows, ElementsAre("rejected CNSHA   0 price NOT_A_NUMBER n/a", "A NLRTM 2026-01-01 1",
                                "B NLRTM 2026-01-01 2", rejected, rejected));
  chunk.clear_rows();
  chunk.mutable_rejected_rows()->DeleteSubrange(1, 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto alone, Decode(chunk));
  EXPECT_THAT(alone, SizeIs(1)) << "a chunk may hold nothing else";
  chunk.mutable_columns()->add_ports("CNSHA");
  chunk.mutable_columns()->add_ports("NLRTM");
  AddColumnRow(*chunk.mutable_columns(), 0, 3, 4);
  AddRejected(chunk, 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto mixed, Decode(chunk));
  EXPECT_THAT(
      mixed, ElementsAre("rejected CNSHA   0 price NOT_A_NUMBER n/a", "CNSHA NLRTM 3 4", rejected));
}

TEST_F(ChunkDecoderTest, RejectedRowsAreHeldToTheirContract) {
  v1::PriceChunk chunk;
  AddRow(chunk, "A", 1);
  v1::RejectedRow& rejected = AddRejected(chunk, 2);
  ExpectRefused(chunk, "beyond the rows");
  rejected.set_position(-1);
  ExpectRefused(chunk, "ascend");
  rejected.set_position(1);
  FAIRWAY_EXPECT_OK(Decode(chunk));
  AddRejected(chunk, 1);
  ExpectRefused(chunk, "ascend");
  chunk.mutable_rejected_rows()->RemoveLast();
  rejected.mutable_errors(0)->set_field("colour");
  ExpectRefused(chunk, "an error is of");
  rejected.mutable_errors(0)->set_field("row");
  for (const int reason : {0, 10, -1}) {
    rejected.mutable_errors(0)->set_reason(static_cast<v1::RowErrorReason>(reason));
    ExpectRefused(chunk, "is not a known reason");
  }
  rejected.clear_errors();
  ExpectRefused(chunk, "1 to 8 errors");
  for (int i = 0; i < 8; ++i) {
    rejected.add_errors()->set_field("row");
    rejected.mutable_errors(i)->set_reason(v1::ROW_ERROR_REASON_NOT_UTF8);
  }
  FAIRWAY_EXPECT_OK(Decode(chunk));
  *rejected.add_errors() = rejected.errors(0);
  ExpectRefused(chunk, "1 to 8 errors");
}

TEST_F(ChunkDecoderTest, WhatIsUnknownOrAmbiguousIsRefusedByName) {
  v1::PriceChunk chunk;
  AddRow(chunk, "A", 1);
  const std::string rows = chunk.SerializeAsString();
  ExpectRefused(rows + "\x20\x01", "fairway.v1.PriceChunk: field 4");
  ExpectRefused(rows + rows, "rows or columns, once");
  ExpectRefused(rows + std::string("\x12\x00", 2), "rows or columns, once");
  ExpectRefused("", "neither rows nor columns");
  ExpectRefused("\x08\x01", "field 1 has another type");
  ExpectRefused("\x0A\x05", "cannot be parsed");
  ExpectRefused("\x0A\x04\x0A\x02\x28\x01", "fairway.v1.Price: field 5");
  ExpectRefused("\x0A\x02\x10\x01", "fairway.v1.PriceRows: field 2");
  ExpectRefused("\x0A\x06\x0A\x04\x20\x01\x20\x02", "field 4 comes twice");
  ExpectRefused("\x0A\x04\x0A\x02\x22\x01", "cannot be parsed");
  ExpectRefused("\x12\x02\x30\x01", "fairway.v1.PriceColumns: field 6");
  ExpectRefused("\x12\x02\x08\x01", "field 1 has another type");
  ExpectRefused("\x12\x03\x0A\x01\xCD", "not UTF-8");
  ExpectRefused("\x12\x04\x15\x01\x01\x01", "cannot be parsed");
  ExpectRefused("\x12\x03\x12\x01\x01", "differ in length");
  ExpectRefused("\x12\x03\x12\x01\x80", "cannot be read");
  ExpectRefused("\x12\x06\x10\xFF\xFF\xFF\xFF\x7F", "cannot be read");  // Not of 32 bits.
}

}  // namespace
}  // namespace fairway::ingest
