#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/ingest/row_source.h"
#include "services/ingest/upload_header.h"

// The messages of an upload, parsed strictly: with a field that is unknown here, comes twice or has
// another type, what is stored would differ from what the sender meant.
namespace fairway::ingest {

enum class UploadPart { kHeader, kChunk, kEnd };

// A message of the stream: which part of the upload it is, and that part, encoded.
struct UploadMessage {
  UploadPart part;
  absl::string_view bytes;
};

// Each returns INVALID_REQUEST for bytes that are not exactly one such message; a header, besides,
// the errors of ParseUploadHeader().
absl::StatusOr<UploadMessage> ParseUploadMessage(absl::string_view bytes);
absl::StatusOr<UploadHeader> ParseEncodedHeader(absl::string_view bytes);
absl::StatusOr<UploadEnd> ParseEncodedEnd(absl::string_view bytes);

// The header in the first message of a stream.
absl::StatusOr<UploadHeader> ParseFirstMessage(const std::optional<absl::string_view>& first);

}  // namespace fairway::ingest
