#include "services/ingest/chunk_decoder.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fairway/v1/batch.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string RowText(const RawPrice& row) {
  return absl::StrCat(row.origin, " ", row.destination, " ", row.day, " ", row.price);
}

void AddBlock(const RawBlock& block, std::vector<std::string>& rows) {
  if (const auto* of_rows = std::get_if<RawRows>(&block)) {
    for (const RawPrice& row : *of_rows) rows.push_back(RowText(row));
  } else if (const auto* columns = std::get_if<RawColumns>(&block)) {
    for (size_t i = 0; i < columns->prices.size(); ++i) {
      rows.push_back(absl::StrCat(columns->ports[columns->origins[i]], " ",
                                  columns->ports[columns->destinations[i]], " ",
                                  columns->day_numbers[i], " ", columns->prices[i]));
    }
  } else {
    const auto& rejected = std::get<RawRejectedRow>(block);
    rows.push_back("rejected " + RowText(rejected.readable));
    for (const RawRowError& error : rejected.errors) {
      absl::StrAppend(&rows.back(), " ", error.field, " ", RowErrorReasonName(error.reason), " ",
                      error.value);
    }
  }
}

class ChunkDecoderTest : public ::testing::Test {
 protected:
  // A line of text for each row.
  absl::StatusOr<std::vector<std::string>> Decode(const std::string& bytes) {
    RETURN_IF_ERROR(decoder_.Begin(bytes));
    std::vector<std::string> rows;
    while (true) {
      ASSIGN_OR_RETURN(const RawBlock* block, decoder_.Next());
      if (block == nullptr) return rows;
      AddBlock(*block, rows);
    }
  }
  absl::StatusOr<std::vector<std::string>> Decode(const v1::PriceChunk& chunk) {
    return Decode(chunk.SerializeAsString());
  }
  void ExpectRefused(const std::string& bytes, absl::string_view words) {
    const absl::Status status = Decode(bytes).status();
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest) << words;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(words)));
  }
  void ExpectRefused(const v1::PriceChunk& chunk, absl::string_view words) {
    ExpectRefused(chunk.SerializeAsString(), words);
  }

  ChunkDecoder decoder_;
};

void AddRow(v1::PriceChunk& chunk, const std::string& origin, int64_t price) {
  v1::Price* row = chunk.mutable_rows()->add_prices();
  row->set_origin(origin);
  row->set_destination("NLRTM");
  row->set_day("2026-01-01");
  row->set_price(price);
}

v1::RejectedRow& AddRejected(v1::PriceChunk& chunk, int position) {
  v1::RejectedRow& rejected = *chunk.add_rejected_rows();
  rejected.set_position(position);
  v1::RowError& error = *rejected.add_errors();
  error.set_field("price");
  error.set_reason(v1::ROW_ERROR_REASON_NOT_A_NUMBER);
  error.set_value("n/a");
  return rejected;
}

void AddColumnRow(v1::PriceColumns& columns, uint32_t origin, int32_t day, int64_t price) {
  columns.add_origins(origin);
  columns.add_destinations(1);
  columns.add_day_numbers(day);
  columns.add_prices(price);
}

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

TEST_F(ChunkDecoderTest, EachColumnHasTheLengthOfTheOthers) {
  v1::PriceChunk chunk;
  v1::PriceColumns& columns = *chunk.mutable_columns();
  columns.add_ports("CNSHA");
  columns.add_ports("NLRTM");
  AddColumnRow(columns, 0, 3, 4);
  FAIRWAY_EXPECT_OK(Decode(chunk));
  const v1::PriceColumns whole = columns;
  columns.add_origins(0);
  ExpectRefused(chunk, "differ in length");
  columns = whole;
  columns.add_destinations(0);
  ExpectRefused(chunk, "differ in length");
  columns = whole;
  columns.add_day_numbers(3);
  ExpectRefused(chunk, "differ in length");
  columns = whole;
  columns.add_prices(4);
  ExpectRefused(chunk, "differ in length");
}

TEST_F(ChunkDecoderTest, NumbersOfColumnsHaveTheirBits) {
  const auto chunk_with = [](char tag, absl::string_view number) {
    const auto column = [&](char column_tag, absl::string_view least) {
      return absl::StrCat(std::string(1, column_tag), column_tag == tag ? number : least);
    };
    const absl::string_view zero("\0", 1);
    const std::string columns =
        absl::StrCat(absl::string_view("\x0A\x00", 2), column('\x10', zero), column('\x18', zero),
                     column('\x20', zero), column('\x28', zero));
    return absl::StrCat("\x12", std::string(1, static_cast<char>(columns.size())), columns);
  };
  const absl::string_view bits_32 = "\xFF\xFF\xFF\xFF\x0F";
  const absl::string_view bits_33 = "\xFF\xFF\xFF\xFF\x1F";
  for (const char tag : {'\x10', '\x18', '\x20'}) {
    const std::string greatest = chunk_with(tag, bits_32);
    FAIRWAY_EXPECT_OK(decoder_.Begin(greatest));
    FAIRWAY_EXPECT_OK(decoder_.Next());
    ExpectRefused(chunk_with(tag, bits_33), "cannot be read");
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto rows, Decode(chunk_with('\x28', "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01")));
  EXPECT_THAT(rows, ElementsAre("  0 -1"));
}

TEST_F(ChunkDecoderTest, TheLargestRejectedRowIsRead) {
  v1::PriceChunk chunk;
  AddRow(chunk, "A", 1);
  v1::RejectedRow& rejected = AddRejected(chunk, 1);
  v1::Price& readable = *rejected.mutable_readable();
  readable.set_origin("CNSHA");
  readable.set_destination("NLRTM");
  readable.set_day("2026-01-01");
  readable.set_price(1);
  rejected.mutable_errors(0)->set_row_index(1);
  while (rejected.errors_size() < limits::kRejectedRowErrorsMax) {
    *rejected.add_errors() = rejected.errors(0);
  }
  FAIRWAY_EXPECT_OK(Decode(chunk));
}

// A field of bytes, which may be many.
std::string BytesField(char number, absl::string_view bytes) {
  std::string field(1, static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size(); size > 0; size >>= 7) {
    field.push_back(static_cast<char>((size & 127) | (size > 127 ? 128 : 0)));
  }
  return absl::StrCat(field, bytes);
}

// Encoded columns of so many rows.
std::string Columns(int rows) {
  const std::string zeros(static_cast<size_t>(rows), '\0');
  return absl::StrCat(absl::string_view("\x0A\x00", 2), BytesField(2, zeros), BytesField(3, zeros),
                      BytesField(4, zeros), BytesField(5, zeros));
}

TEST_F(ChunkDecoderTest, HoldsABoundedNumberOfRowsAndPorts) {
  const std::string empty("\x0A\x00", 2);  // A row of PriceRows, a port of PriceColumns.
  std::string many(2 * limits::kChunkRowsMax, '\0');
  for (size_t i = 0; i < many.size(); i += 2) many[i] = '\x0A';
  const auto last_block = [&](const std::string& bytes) -> absl::Status {
    RETURN_IF_ERROR(decoder_.Begin(bytes));
    while (true) {
      ASSIGN_OR_RETURN(const RawBlock* block, decoder_.Next());
      if (block == nullptr) return absl::OkStatus();
    }
  };
  FAIRWAY_EXPECT_OK(last_block(BytesField(1, many)));
  EXPECT_EQ(ReasonOf(last_block(BytesField(1, many + empty))), reasons::kInvalidRequest);
  v1::PriceChunk rejected;
  AddRejected(rejected, limits::kChunkRowsMax);
  EXPECT_EQ(ReasonOf(last_block(BytesField(1, many) + rejected.SerializeAsString())),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(last_block(BytesField(2, Columns(limits::kChunkRowsMax)))), "");
  EXPECT_EQ(ReasonOf(last_block(BytesField(2, Columns(limits::kChunkRowsMax + 1)))),
            reasons::kInvalidRequest);
  many.resize(2 * limits::kLocationsMax);
  FAIRWAY_EXPECT_OK(last_block(BytesField(2, many)));
  ExpectRefused(BytesField(2, many + empty), "more than 262144 ports");
}

}  // namespace
}  // namespace fairway::ingest
