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
  for (int i = 0; i < 50; ++i) *rejected.add_errors() = v1::RowError();
  ExpectRefused(chunk, "more than 46 fields");
  rejected.clear_errors();
  rejected.GetReflection()->MutableUnknownFields(&rejected)->AddVarint(99, 1);
  ExpectRefused(chunk, "fairway.v1.RejectedRow: field 99");
  rejected.GetReflection()->MutableUnknownFields(&rejected)->Clear();
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
  ExpectRefused("\x0A\x01\x0A", "cannot be parsed");
  ExpectRefused(std::string("\x22\x00", 2), "fairway.v1.PriceChunk: field 4");
  ExpectRefused("\x0A\x04\x0A\x02\x08\x01", "fairway.v1.Price: field 1 has another type");
  ExpectRefused(std::string("\x0A\x04\x0A\x02\x22\x00", 6), "field 4 has another type");
  ExpectRefused(std::string("\x0A\x02\x12\x00", 4), "fairway.v1.PriceRows: field 2");
  ExpectRefused("\x0A\x02\x08\x01", "fairway.v1.PriceRows: field 1 has another type");
  ExpectRefused("\x12\x05\x15\x01\x01\x01\x01", "field 2 has another type");
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

TEST_F(ChunkDecoderTest, RejectedRowsStandAmongTheOthers) {
  const std::string rejected = "rejected    0 price NOT_A_NUMBER n/a";
  v1::PriceChunk chunk;
  AddRow(chunk, "A", 1);
  AddRejected(chunk, 1);
  AddRow(chunk, "B", 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto rows, Decode(chunk));
  EXPECT_THAT(rows, ElementsAre("A NLRTM 2026-01-01 1", rejected, "B NLRTM 2026-01-01 2"));
  chunk.clear_rows();
  for (const char* port : {"A", "B"}) chunk.mutable_columns()->add_ports(port);
  AddColumnRow(*chunk.mutable_columns(), 0, 3, 4);
  AddColumnRow(*chunk.mutable_columns(), 0, 5, 6);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto columns, Decode(chunk));
  EXPECT_THAT(columns, ElementsAre("A B 3 4", rejected, "A B 5 6"));
}

// Whatever was left of the one before.
TEST_F(ChunkDecoderTest, AChunkBeginsAnew) {
  v1::PriceChunk columns;
  for (const char* port : {"A", "B"}) columns.mutable_columns()->add_ports(port);
  for (int i = 0; i < 2'000; ++i) AddColumnRow(*columns.mutable_columns(), 0, 3, 4);
  v1::PriceChunk rows;
  AddRejected(rows, 0);
  AddRow(rows, "A", 1);
  v1::PriceChunk rejected;
  AddRejected(rejected, 0);
  v1::PriceChunk no_prices = columns;
  no_prices.mutable_columns()->clear_prices();
  for (const v1::PriceChunk& before : {columns, rows}) {
    for (const int blocks : {0, 1}) {
      const std::string bytes = before.SerializeAsString();
      const auto begin = [&] {
        FAIRWAY_ASSERT_OK(decoder_.Begin(bytes));
        for (int i = 0; i < blocks; ++i) FAIRWAY_ASSERT_OK(decoder_.Next());
      };
      begin();
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto read_columns, Decode(columns));
      EXPECT_THAT(read_columns, SizeIs(2'000));
      begin();
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto read_rows, Decode(rows));
      EXPECT_THAT(read_rows, SizeIs(2));
      begin();
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto read_rejected, Decode(rejected));
      EXPECT_THAT(read_rejected, SizeIs(1));
      begin();
      ExpectRefused(no_prices, "differ in length");
    }
  }
}

TEST_F(ChunkDecoderTest, ABlockOfColumnsSaysWhereInItsChunkItBegins) {
  v1::PriceChunk chunk;
  for (const char* port : {"A", "B"}) chunk.mutable_columns()->add_ports(port);
  for (int i = 0; i < 2'000; ++i) AddColumnRow(*chunk.mutable_columns(), 0, 3, 4);
  const std::string bytes = chunk.SerializeAsString();
  for (int times = 0; times < 2; ++times) {
    FAIRWAY_ASSERT_OK(decoder_.Begin(bytes));
    for (const size_t first_row : {0, 1'024}) {
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const RawBlock* block, decoder_.Next());
      EXPECT_EQ(std::get<RawColumns>(*block).first_row, first_row);
    }
  }
}

TEST_F(ChunkDecoderTest, APartOfAColumnMayBeEmpty) {
  const std::string empty_origins("\x12\x00", 2);
  const std::string column =
      absl::StrCat(empty_origins, std::string("\x12\x01\x00", 3), empty_origins,
                   std::string("\x1A\x01\x00\x22\x01\x00\x2A\x01\x05", 9));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto rows,
      Decode(absl::StrCat("\x12", std::string(1, static_cast<char>(column.size() + 3)), "\x0A\x01",
                          "A", column)));
  EXPECT_THAT(rows, ElementsAre("A A 0 5"));
}

}  // namespace
}  // namespace fairway::ingest
