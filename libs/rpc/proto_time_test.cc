#include "libs/rpc/proto_time.h"

#include <cstdint>
#include <limits>
#include <optional>

#include "gtest/gtest.h"

namespace fairway::rpc {
namespace {

std::optional<absl::Duration> DurationOf(int64_t seconds, int32_t nanos) {
  google::protobuf::Duration message;
  message.set_seconds(seconds);
  message.set_nanos(nanos);
  absl::Duration duration;
  if (!ReadDuration(message, duration)) return std::nullopt;
  return duration;
}

std::optional<absl::Time> TimeOf(int64_t seconds, int32_t nanos) {
  google::protobuf::Timestamp message;
  message.set_seconds(seconds);
  message.set_nanos(nanos);
  absl::Time time;
  if (!ReadTime(message, time)) return std::nullopt;
  return time;
}

TEST(ProtoTimeTest, DurationsAreThoseOfTheirProto) {
  EXPECT_EQ(DurationOf(0, 0), absl::ZeroDuration());
  EXPECT_EQ(DurationOf(1, 999'999'999), absl::Seconds(2) - absl::Nanoseconds(1));
  EXPECT_EQ(DurationOf(-1, -1), -absl::Seconds(1) - absl::Nanoseconds(1));
  EXPECT_EQ(DurationOf(0, -1), -absl::Nanoseconds(1));
  EXPECT_EQ(DurationOf(315'576'000'000, 999'999'999),
            absl::Seconds(315'576'000'001) - absl::Nanoseconds(1));
  EXPECT_EQ(DurationOf(-315'576'000'000, -999'999'999),
            -absl::Seconds(315'576'000'001) + absl::Nanoseconds(1));
  EXPECT_EQ(DurationOf(1, -1), std::nullopt);
  EXPECT_EQ(DurationOf(-1, 1), std::nullopt);
  EXPECT_EQ(DurationOf(0, 1'000'000'000), std::nullopt);
  EXPECT_EQ(DurationOf(0, -1'000'000'000), std::nullopt);
  EXPECT_EQ(DurationOf(0, std::numeric_limits<int32_t>::min()), std::nullopt);
  EXPECT_EQ(DurationOf(315'576'000'001, 0), std::nullopt);
  EXPECT_EQ(DurationOf(-315'576'000'001, 0), std::nullopt);
  EXPECT_EQ(DurationOf(std::numeric_limits<int64_t>::max(), 0), std::nullopt);
  EXPECT_EQ(DurationOf(std::numeric_limits<int64_t>::min(), 0), std::nullopt);
}

TEST(ProtoTimeTest, TimesAreThoseOfTheirProto) {
  EXPECT_EQ(TimeOf(0, 0), absl::UnixEpoch());
  EXPECT_EQ(TimeOf(-1, 999'999'999), absl::UnixEpoch() - absl::Nanoseconds(1));
  EXPECT_TRUE(TimeOf(-62'135'596'800, 0));
  EXPECT_TRUE(TimeOf(253'402'300'799, 999'999'999));
  EXPECT_EQ(TimeOf(-62'135'596'801, 0), std::nullopt);
  EXPECT_EQ(TimeOf(253'402'300'800, 0), std::nullopt);
  EXPECT_EQ(TimeOf(0, -1), std::nullopt);
  EXPECT_EQ(TimeOf(0, 1'000'000'000), std::nullopt);
  EXPECT_EQ(TimeOf(std::numeric_limits<int64_t>::max(), 0), std::nullopt);
  EXPECT_EQ(TimeOf(std::numeric_limits<int64_t>::min(), 0), std::nullopt);
}

TEST(ProtoTimeTest, WhatIsWrittenIsRead) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::UnixEpoch() - absl::Nanoseconds(1),
                                absl::UnixEpoch() - absl::Microseconds(1'500'000),
                                absl::FromUnixNanos(1'700'000'000'123)}) {
    google::protobuf::Timestamp message;
    WriteTime(time, message);
    EXPECT_EQ(TimeOf(message.seconds(), message.nanos()), time);
  }
}

}  // namespace
}  // namespace fairway::rpc
