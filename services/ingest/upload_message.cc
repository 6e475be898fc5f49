#include "services/ingest/upload_message.h"

#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/known_fields.h"
#include "libs/wire/field_reader.h"
#include "services/ingest/parse_batches.h"

namespace fairway::ingest {
namespace {

// A header or an end has fewer.
constexpr size_t kPartFieldsMax = 16;

template <typename Message>
absl::Status ParseStrictly(absl::string_view bytes, Message& message) {
  RETURN_IF_ERROR(rpc::CheckKnownFields(*Message::descriptor(), bytes, kPartFieldsMax));
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return InvalidRequestError(Message::descriptor()->full_name(), "its text is not UTF-8");
}

}  // namespace

absl::StatusOr<UploadMessage> ParseUploadMessage(absl::string_view bytes) {
  wire::FieldReader reader(bytes);
  wire::Field field;
  wire::Field second;
  if (reader.Next(field) && field.type == wire::WireType::kBytes && !reader.Next(second) &&
      !reader.malformed()) {
    if (field.number == v1::UploadBatchRequest::kChunkFieldNumber) {
      return UploadMessage{UploadPart::kChunk, field.bytes};
    }
    if (field.number == v1::UploadBatchRequest::kHeaderFieldNumber) {
      return UploadMessage{UploadPart::kHeader, field.bytes};
    }
    if (field.number == v1::UploadBatchRequest::kEndFieldNumber) {
      return UploadMessage{UploadPart::kEnd, field.bytes};
    }
  }
  RETURN_IF_ERROR(rpc::CheckKnownFields(*v1::UploadBatchRequest::descriptor(), bytes));
  return InvalidRequestError("message",
                             "a message of an upload is one of a header, a chunk and the end");
}

absl::StatusOr<UploadHeader> ParseEncodedHeader(absl::string_view bytes) {
  v1::BatchHeader header;
  RETURN_IF_ERROR(ParseStrictly(bytes, header));
  return ParseUploadHeader(header);
}

absl::StatusOr<UploadEnd> ParseEncodedEnd(absl::string_view bytes) {
  v1::BatchEnd end;
  RETURN_IF_ERROR(ParseStrictly(bytes, end));
  return ParseUploadEnd(end);
}

absl::StatusOr<UploadHeader> ParseFirstMessage(const std::optional<absl::string_view>& first) {
  UploadMessage message = {.part = UploadPart::kEnd};
  if (first) {
    ASSIGN_OR_RETURN(message, ParseUploadMessage(*first));
  }
  if (message.part != UploadPart::kHeader) {
    return InvalidRequestError("header", "the first message of an upload is its header");
  }
  return ParseEncodedHeader(message.bytes);
}

}  // namespace fairway::ingest
