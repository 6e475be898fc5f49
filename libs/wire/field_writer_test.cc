#include "libs/wire/field_writer.h"

#include <limits>
#include <string>
#include <vector>

#include "fairway/v1/batch.pb.h"
#include "fairway/v1/rate_query_service.pb.h"
#include "gtest/gtest.h"

namespace fairway::wire {
namespace {

// What `write(FieldWriter&)` writes into so many bytes, all of which it must fill.
template <typename Write>
std::string Written(size_t bytes, Write write) {
  std::string out(bytes, '?');
  FieldWriter writer(reinterpret_cast<uint8_t*>(out.data()));
  write(writer);
  EXPECT_EQ(reinterpret_cast<const char*>(writer.end()) - out.data(), bytes);
  return out;
}

std::vector<uint64_t> Numbers() {
  std::vector<uint64_t> numbers = {0, std::numeric_limits<uint64_t>::max()};
  for (int shift = 0; shift < 64; ++shift) {
    const uint64_t power = uint64_t{1} << shift;
    for (const uint64_t number : {power - 1, power, power + 1}) numbers.push_back(number);
  }
  return numbers;
}

TEST(FieldWriterTest, NumbersAreThoseOfProtobuf) {
  for (const uint64_t number : Numbers()) {
    v1::BatchHeader message;
    message.set_declared_row_count(static_cast<int64_t>(number));
    constexpr uint32_t kField = v1::BatchHeader::kDeclaredRowCountFieldNumber;
    const std::string bytes = Written(VarintFieldBytes(kField, number), [&](FieldWriter& writer) {
      writer.AddVarint(kField, number);
    });
    v1::BatchHeader read;
    ASSERT_TRUE(read.ParseFromString(bytes));
    EXPECT_EQ(read.declared_row_count(), message.declared_row_count());
    if (number == 0) continue;  // Is left out where a field has no presence.
    EXPECT_EQ(bytes, message.SerializeAsString());
  }
}

TEST(FieldWriterTest, FixedNumbersAreThoseOfProtobuf) {
  for (const uint64_t number : Numbers()) {
    v1::GetDailyRatesResponse message;
    message.set_dataset_version_id(number);
    constexpr uint32_t kField = v1::GetDailyRatesResponse::kDatasetVersionIdFieldNumber;
    const std::string bytes = Written(
        Fixed64FieldBytes(kField), [&](FieldWriter& writer) { writer.AddFixed64(kField, number); });
    v1::GetDailyRatesResponse read;
    ASSERT_TRUE(read.ParseFromString(bytes));
    EXPECT_EQ(read.dataset_version_id(), number);
  }
  for (const double number : {0.0, -0.0, 1234.5, 1e300, -1.0 / 3}) {
    v1::DailyRate message;
    message.set_average(number);
    constexpr uint32_t kField = v1::DailyRate::kAverageFieldNumber;
    EXPECT_EQ(Written(Fixed64FieldBytes(kField),
                      [&](FieldWriter& writer) { writer.AddDouble(kField, number); }),
              message.SerializeAsString());
  }
}

TEST(FieldWriterTest, TextsAndMessagesAreThoseOfProtobuf) {
  for (const size_t size : {1, 2, 127, 128, 129, 16'383, 16'384, 100'000}) {
    v1::LaneRates message;
    message.mutable_lane()->set_origin(std::string(size, 'x'));
    const std::string lane = message.lane().SerializeAsString();
    const size_t lane_bytes = BytesFieldBytes(v1::Lane::kOriginFieldNumber, size);
    EXPECT_EQ(lane_bytes, lane.size());
    EXPECT_EQ(Written(BytesFieldBytes(v1::LaneRates::kLaneFieldNumber, lane_bytes),
                      [&](FieldWriter& writer) {
                        writer.BeginMessage(v1::LaneRates::kLaneFieldNumber, lane_bytes);
                        writer.AddBytes(v1::Lane::kOriginFieldNumber, message.lane().origin());
                      }),
              message.SerializeAsString());
  }
}

TEST(FieldWriterTest, AnEmptyTextIsAFieldOfNoBytes) {
  EXPECT_EQ(Written(BytesFieldBytes(1, 0), [](FieldWriter& writer) { writer.AddBytes(1, ""); }),
            std::string("\x0A\x00", 2));
}

TEST(FieldWriterTest, FieldNumbersMayBeLarge) {
  for (const uint32_t number : {15U, 16U, 2'047U, 2'048U, (1U << 29) - 1}) {
    const std::string bytes = Written(VarintFieldBytes(number, 7),
                                      [&](FieldWriter& writer) { writer.AddVarint(number, 7); });
    FieldReader reader(bytes);
    Field field;
    ASSERT_TRUE(reader.Next(field));
    EXPECT_EQ(field.number, number);
    EXPECT_EQ(field.value, 7);
  }
}

}  // namespace
}  // namespace fairway::wire
