#include "libs/rpc/proto_time.h"

#include <cstdint>

namespace fairway::rpc {
namespace {

constexpr int32_t kNanosMax = 999'999'999;
constexpr int64_t kDurationSecondsMax = 315'576'000'000;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01.
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31.

}  // namespace

bool ReadDuration(const google::protobuf::Duration& message, absl::Duration& duration) {
  const int64_t seconds = message.seconds();
  const int32_t nanos = message.nanos();
  if (seconds < -kDurationSecondsMax || seconds > kDurationSecondsMax) return false;
  if (nanos < -kNanosMax || nanos > kNanosMax) return false;
  if ((seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) return false;
  duration = absl::Seconds(seconds) + absl::Nanoseconds(nanos);
  return true;
}

bool ReadTime(const google::protobuf::Timestamp& message, absl::Time& time) {
  if (message.seconds() < kFirstSecond || message.seconds() > kLastSecond) return false;
  if (message.nanos() < 0 || message.nanos() > kNanosMax) return false;
  time = absl::FromUnixSeconds(message.seconds()) + absl::Nanoseconds(message.nanos());
  return true;
}

void WriteTime(absl::Time time, google::protobuf::Timestamp& message) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // Rounds down, as nanos are never negative.
  message.set_seconds(seconds);
  message.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace fairway::rpc
