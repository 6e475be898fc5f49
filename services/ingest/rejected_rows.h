#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/batch.pb.h"

#include "libs/wire/field_reader.h"
#include "services/ingest/row_source.h"

namespace fairway::ingest {

// Reads the rejected rows of an encoded PriceChunk, one at a time.
class RejectedRows {
 public:
  // None.
  RejectedRows() = default;
  // `chunk` as far as its fields are known.
  explicit RejectedRows(absl::string_view chunk) : reader_(chunk) {}

  // Goes on to the next one; false at the end. INVALID_REQUEST for one that its contract does not
  // allow, or that does not come behind the one before.
  absl::StatusOr<bool> Next();

  // Of the current one, valid until Next(): its place in the chunk, and the row.
  int64_t position() const { return message_.position(); }
  RawRejectedRow row() const;

 private:
  absl::Status ReadRow(absl::string_view bytes);

  wire::FieldReader reader_;
  int64_t last_position_ = -1;
  v1::RejectedRow message_;
  std::vector<RawRowError> errors_;
};

}  // namespace fairway::ingest
