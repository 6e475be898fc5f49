#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

// Moments and durations in messages. Those of a request may hold any numbers.
namespace fairway::rpc {

// False for what google/protobuf/duration.proto does not allow: seconds beyond 10,000 years, nanos
// of a second and more, or of another sign than the seconds.
bool ReadDuration(const google::protobuf::Duration& message, absl::Duration& duration);

// False for what google/protobuf/timestamp.proto does not allow: years before 1 or after 9999,
// nanos below 0 or of a second and more.
bool ReadTime(const google::protobuf::Timestamp& message, absl::Time& time);

// `time` rounded down to nanoseconds.
void WriteTime(absl::Time time, google::protobuf::Timestamp& message);

}  // namespace fairway::rpc
