#include "services/ingest/upload_header.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/series/digest.h"

namespace fairway::ingest {

absl::Status CheckHeader(const UploadHeader& header) {
  RETURN_IF_ERROR(CheckPartner(header.key.partner));
  RETURN_IF_ERROR(CheckBatchId(header.key.batch_id));
  if (header.label.size() > limits::kLabelBytesMax) {
    return InvalidLabelError(absl::StrCat("more than ", limits::kLabelBytesMax, " bytes"));
  }
  if (header.label.find('\0') != std::string::npos) return InvalidLabelError("it holds a NUL");
  if (header.declared_row_count && *header.declared_row_count < 1) {
    return InvalidRequestError("header.declared_row_count", "a batch has at least one row");
  }
  if (header.declared_row_count.value_or(0) > limits::kUploadRowsMax) {
    return TooManyRowsError(limits::kUploadRowsMax);
  }
  if (!header.declared_digest.empty() && !IsContentDigest(header.declared_digest)) {
    return InvalidRequestError("header.declared_digest", "not in the form of Batch.digest");
  }
  if (header.validate_only) return NotImplementedError("validate_only");
  if (!header.supersedes.empty()) return NotImplementedError("supersedes");
  return absl::OkStatus();
}

}  // namespace fairway::ingest
