#include "services/ingest/chunk_decoder.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/known_fields.h"

namespace fairway::ingest {

absl::Status ChunkDecoder::Begin(absl::string_view chunk) {
  position_ = 0;
  gave_rejected_ = false;
  RETURN_IF_ERROR(FindForm(chunk));
  rejected_ = RejectedRows(chunk);
  return NextRejectedRow();
}

absl::Status ChunkDecoder::FindForm(absl::string_view chunk) {
  static_assert(v1::PriceChunk::kRowsFieldNumber == 1 && v1::PriceChunk::kColumnsFieldNumber == 2 &&
                v1::PriceChunk::kRejectedRowsFieldNumber == 3);
  constexpr int kRows = v1::PriceChunk::kRowsFieldNumber;
  constexpr int kColumns = v1::PriceChunk::kColumnsFieldNumber;
  constexpr int kRejected = v1::PriceChunk::kRejectedRowsFieldNumber;
  rows_ = RowForm();
  is_columns_ = false;
  int forms = 0;
  bool known = true;
  wire::FieldReader reader(chunk);
  wire::Field field;
  while (known && reader.Next(field)) {
    known =
        field.type == wire::WireType::kBytes && field.number >= kRows && field.number <= kRejected;
    if (!known || field.number == kRejected) continue;
    if (++forms > 1) return InvalidRequestError("chunk", "it holds rows or columns, once");
    is_columns_ = field.number == kColumns;
    if (is_columns_) {
      RETURN_IF_ERROR(columns_.Begin(field.bytes));
    } else {
      rows_ = RowForm(field.bytes);
    }
  }
  if (!known || reader.malformed()) {
    RETURN_IF_ERROR(rpc::CheckKnownFields(*v1::PriceChunk::descriptor(), chunk));
    return InvalidRequestError("chunk", "it cannot be parsed");
  }
  if (chunk.empty()) return InvalidRequestError("chunk", "it holds neither rows nor columns");
  return absl::OkStatus();
}

absl::Status ChunkDecoder::NextRejectedRow() {
  ASSIGN_OR_RETURN(has_rejected_, rejected_.Next());
  return absl::OkStatus();
}

absl::StatusOr<const RawBlock*> ChunkDecoder::Next() {
  if (gave_rejected_) {
    gave_rejected_ = false;
    RETURN_IF_ERROR(NextRejectedRow());
  }
  const int64_t to_rejected = has_rejected_ ? rejected_.position() - position_ : INT64_MAX;
  if (to_rejected == 0) {
    block_ = rejected_.row();
    gave_rejected_ = true;
    ++position_;
  } else {
    ASSIGN_OR_RETURN(const size_t rows, ReadForm(to_rejected));
    if (rows == 0 && has_rejected_) {
      return InvalidRequestError("chunk.rejected_rows",
                                 "a rejected row has its position beyond the rows of its chunk");
    }
    if (rows == 0) return nullptr;
    position_ += static_cast<int64_t>(rows);
  }
  if (position_ > limits::kChunkRowsMax) {
    return InvalidRequestError("chunk", absl::StrCat("more than ", limits::kChunkRowsMax, " rows"));
  }
  return &block_;
}

absl::StatusOr<size_t> ChunkDecoder::ReadForm(int64_t rows_max) {
  const auto wanted = static_cast<int>(std::min<int64_t>(rows_max, ColumnForm::kBlockRows));
  if (is_columns_) {
    ASSIGN_OR_RETURN(const RawColumns columns, columns_.Read(wanted));
    block_ = columns;
    return columns.prices.size();
  }
  RETURN_IF_ERROR(rows_.Read(static_cast<size_t>(wanted), row_block_));
  block_ = RawRows(row_block_);
  return row_block_.size();
}

}  // namespace fairway::ingest
