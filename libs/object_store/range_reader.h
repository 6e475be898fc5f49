#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"

#include "libs/object_store/s3_client.h"

namespace fairway::object_store {

// Reads an object from its beginning to its end, a range after the other. While one is being used
// the next is on its way, and no more than that: a slow user slows the reading, and memory holds
// two ranges however large the object is. A connection that is cut costs one range. Borrows the
// client, and is its only user meanwhile. For one thread.
class RangeReader {
 public:
  static constexpr int64_t kRangeBytes = int64_t{8} << 20;

  RangeReader(S3Client* client, ObjectAddress address, ObjectInfo info,
              int64_t range_bytes = kRangeBytes);
  // Gives up what is on its way.
  ~RangeReader();

  // The next range; "" at the end. Errors: see S3Client::ReadRange.
  absl::StatusOr<std::string> Next();

 private:
  void ReadAhead();

  S3Client* const client_;
  const ObjectAddress address_;
  const ObjectInfo info_;
  const int64_t range_bytes_;
  int64_t asked_for_ = 0;
  std::stop_source stop_;
  std::optional<std::future<absl::StatusOr<std::string>>> ahead_;
};

}  // namespace fairway::object_store
