#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"
#include "services/ingest/chunk_decoder.h"
#include "services/ingest/testing/chunk_decoder_fixture.h"

// The bounds of a chunk: the bits of its numbers, the lengths of its columns, and its counts.
namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ChunkBoundsTest = ChunkDecoderFixture;

TEST_F(ChunkBoundsTest, EachColumnHasTheLengthOfTheOthers) {
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

TEST_F(ChunkBoundsTest, NumbersOfColumnsHaveTheirBits) {
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

TEST_F(ChunkBoundsTest, TheLargestRejectedRowIsRead) {
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

TEST_F(ChunkBoundsTest, HoldsABoundedNumberOfRowsAndPorts) {
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
