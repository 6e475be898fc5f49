#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"

#include "libs/domain/batch.h"

namespace fairway::ingest {

// What a batch is called and what it should hold.
struct UploadHeader {
  BatchKey key;
  std::string label;
  std::optional<int64_t> declared_row_count;
  std::string declared_digest;  // "" when not declared.
  bool validate_only = false;
  std::string supersedes;
};

// INVALID_PARTNER, INVALID_BATCH_ID, INVALID_LABEL, INVALID_REQUEST, TOO_MANY_ROWS,
// NOT_IMPLEMENTED.
absl::Status CheckHeader(const UploadHeader& header);

}  // namespace fairway::ingest
