#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/ingest/row_source.h"
#include "services/ingest/upload_header.h"

// The messages of an upload, read off their bytes strictly: a field that is unknown here, comes
// twice or has another type would make what is stored differ from what its sender meant.
namespace fairway::ingest {

enum class UploadPart { kHeader, kChunk, kEnd };

// A message of the stream: which part of the upload it is, and that part, encoded.
struct UploadMessage {
  UploadPart part;
  absl::string_view bytes;
};

// Each returns INVALID_REQUEST for bytes that are not exactly one such message.
absl::StatusOr<UploadMessage> ReadUploadMessage(absl::string_view bytes);
absl::StatusOr<UploadHeader> ReadUploadHeader(absl::string_view bytes);
absl::StatusOr<UploadEnd> ReadUploadEnd(absl::string_view bytes);

// The header in the first message of a stream, checked; what CheckHeader() returns.
absl::StatusOr<UploadHeader> ReadFirstMessage(const std::optional<absl::string_view>& first);

}  // namespace fairway::ingest
