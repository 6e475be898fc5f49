#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/ingest/column_form.h"
#include "services/ingest/rejected_rows.h"
#include "services/ingest/row_form.h"
#include "services/ingest/row_source.h"

namespace fairway::ingest {

// Reads an encoded PriceChunk block by block, in place: memory depends neither on the length of a
// chunk nor on how much it claims to hold. Used for one chunk after the other. One thread.
class ChunkDecoder {
 public:
  // Begins a chunk, which must stay where it is until its last block was looked at.
  // INVALID_REQUEST.
  absl::Status Begin(absl::string_view chunk);

  // The next rows, valid until the next call; null at the end of the chunk. INVALID_REQUEST.
  absl::StatusOr<const RawBlock*> Next();

 private:
  absl::Status FindForm(absl::string_view chunk);
  absl::Status NextRejectedRow();
  // Reads rows of the form into block_; returns how many.
  absl::StatusOr<size_t> ReadForm(int64_t rows_max);

  RowForm rows_;
  ColumnForm columns_;
  bool is_columns_ = false;
  RejectedRows rejected_;
  bool has_rejected_ = false;  // rejected_ stands on a row that is still to be given out.
  bool gave_rejected_ = false;
  int64_t position_ = 0;  // Rows of this chunk given out.
  std::vector<RawPrice> row_block_;
  RawBlock block_;
};

}  // namespace fairway::ingest
