#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/domain/batch_id.h"

namespace fairway::ingest {

// What a batch is called and what it should hold. Valid: see ParseUploadHeader().
struct UploadHeader {
  BatchKey key;
  std::string label;
  std::optional<int64_t> declared_row_count;
  std::string declared_digest;  // "" when not declared.
};

}  // namespace fairway::ingest
