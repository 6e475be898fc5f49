#include "libs/wire/field_reader.h"

#include <google/protobuf/empty.pb.h>

#include <random>
#include <string>

#include "fairway/v1/batch.pb.h"
#include "gtest/gtest.h"

namespace fairway::wire {
namespace {

TEST(FieldReaderTest, WalksWhatProtobufWrites) {
  v1::BatchHeader header;
  header.set_partner("acme");
  header.set_declared_row_count(-1);
  const std::string bytes = header.SerializeAsString();
  FieldReader reader(bytes);
  Field field;
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.number, v1::BatchHeader::kPartnerFieldNumber);
  EXPECT_EQ(field.type, WireType::kBytes);
  EXPECT_EQ(field.bytes, "acme");
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.number, v1::BatchHeader::kDeclaredRowCountFieldNumber);
  EXPECT_EQ(static_cast<int64_t>(field.value), -1);
  EXPECT_EQ(field.bytes.size(), 10);
  EXPECT_FALSE(reader.Next(field));
  EXPECT_FALSE(reader.malformed());
}

TEST(FieldReaderTest, WhatIsNoMessageIsMalformed) {
  const std::string too_long(11, '\xFF');
  for (const std::string& bytes :
       {std::string("\x08"), std::string("\x08\x80"), std::string("\x0A\x02\x41"),
        std::string("\x00\x01", 2), std::string("\x0F"), std::string("\x09\x01\x02"),
        std::string("\x0D\x01"), "\x08" + too_long, too_long,
        std::string("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"),
        std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01")}) {
    FieldReader reader(bytes);
    Field field;
    EXPECT_FALSE(reader.Next(field));
    EXPECT_TRUE(reader.malformed());
    EXPECT_FALSE(reader.Next(field)) << "and stays so";
  }
}

TEST(FieldReaderTest, CountsPackedNumbersWithoutReadingThem) {
  v1::PriceColumns columns;
  for (int i = 0; i < 1000; ++i) columns.add_prices(int64_t{1} << (i % 63));
  const std::string bytes = columns.SerializeAsString();
  FieldReader reader(bytes);
  Field field;
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(CountVarints(field.bytes), 1000);
}

// Any bytes: never beyond the end, and never more lenient than protobuf.
TEST(FieldReaderTest, TakesNoMoreThanProtobufDoes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int readable = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 12, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : random() % 32);
    FieldReader reader(bytes);
    Field field;
    bool groups = false;
    while (reader.Next(field)) {
      groups |= field.type == WireType::kGroupBegin || field.type == WireType::kGroupEnd;
    }
    if (reader.malformed() || groups) continue;
    ++readable;
    EXPECT_TRUE(google::protobuf::Empty().ParseFromString(bytes));
  }
  EXPECT_GT(readable, 100);
}

}  // namespace
}  // namespace fairway::wire
