#include "libs/object_store/range_reader.h"

#include <algorithm>
#include <utility>

namespace fairway::object_store {

RangeReader::RangeReader(S3Client* client, ObjectAddress address, ObjectInfo info,
                         int64_t range_bytes)
    : client_(client),
      address_(std::move(address)),
      info_(std::move(info)),
      range_bytes_(range_bytes) {
  ReadAhead();
}

RangeReader::~RangeReader() {
  stop_.request_stop();
  if (ahead_) ahead_->wait();
}

absl::StatusOr<std::string> RangeReader::Next() {
  if (!ahead_) return "";
  absl::StatusOr<std::string> range = ahead_->get();
  ahead_.reset();
  if (range.ok()) ReadAhead();
  return range;
}

void RangeReader::ReadAhead() {
  const int64_t first = asked_for_;
  const int64_t count = std::min(range_bytes_, info_.size - first);
  if (count <= 0) return;
  asked_for_ += count;
  ahead_ = std::async(std::launch::async, [this, first, count] {
    return client_->ReadRange(address_, info_.etag, first, count, stop_.get_token());
  });
}

}  // namespace fairway::object_store
