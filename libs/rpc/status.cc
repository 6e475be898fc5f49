#include "libs/rpc/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "libs/base/utf8_prefix.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"

namespace fairway::rpc {
namespace {

static_assert(static_cast<int>(absl::StatusCode::kUnauthenticated) ==
              static_cast<int>(grpc::StatusCode::UNAUTHENTICATED));
static_assert(static_cast<int>(absl::StatusCode::kInvalidArgument) ==
              static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));

constexpr size_t kMessageBytesMax = 600;
// Keys, lengths and the trailers every call has.
constexpr size_t kOtherTrailerBytes = 256;

std::string Cut(absl::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return absl::StrCat(Utf8Prefix(text, bytes), "…");
}

bool IsSecret(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown;
}

absl::Status Sanitised(absl::string_view request_id) {
  return MakeError(absl::StatusCode::kInternal,
                   absl::StrCat("internal error; quote request id ", request_id),
                   {.reason = std::string(reasons::kInternal),
                    .metadata = {{"request_id", std::string(request_id)}}});
}

google::rpc::ErrorInfo MakeErrorInfo(const absl::Status& status, const ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  info.set_domain("fairway");
  info.set_reason(details.reason.empty() ? absl::StatusCodeToString(status.code())
                                         : details.reason);
  for (const auto& [key, value] : details.metadata) {
    (*info.mutable_metadata())[key] = Cut(value, limits::kRowErrorValueBytesMax * 2);
  }
  return info;
}

// Binary trailers go out in base64; the message goes out twice.
size_t TrailerBytes(const google::rpc::Status& wire) {
  return wire.ByteSizeLong() * 4 / 3 + wire.message().size() + kOtherTrailerBytes;
}

// As many violations as there is room for; the totals are in the metadata anyway.
void AddFields(const std::vector<FieldViolation>& violations, google::rpc::Status& wire) {
  google::rpc::BadRequest fields;
  for (const FieldViolation& violation : violations) {
    auto* field = fields.add_field_violations();
    field->set_field(Cut(violation.field, 128));
    field->set_description(Cut(violation.description, 256));
    google::rpc::Status with_fields = wire;
    with_fields.add_details()->PackFrom(fields);
    if (TrailerBytes(with_fields) > limits::kErrorDetailBytesMax) {
      fields.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  if (!fields.field_violations().empty()) wire.add_details()->PackFrom(fields);
}

google::rpc::Status ToWire(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(Cut(status.message(), kMessageBytesMax));
  wire.add_details()->PackFrom(MakeErrorInfo(status, details));
  if (details.retry_delay) {
    google::rpc::RetryInfo retry;
    const int64_t milliseconds = absl::ToInt64Milliseconds(*details.retry_delay);
    retry.mutable_retry_delay()->set_seconds(milliseconds / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(milliseconds % 1000) * 1'000'000);
    wire.add_details()->PackFrom(retry);
  }
  AddFields(details.field_violations, wire);
  return wire;
}

void ReadDetail(const google::protobuf::Any& any, ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest fields;
  google::rpc::RetryInfo retry;
  if (any.UnpackTo(&info)) {
    details.reason = info.reason();
    for (const auto& [key, value] : info.metadata()) details.metadata.emplace_back(key, value);
  } else if (any.UnpackTo(&fields)) {
    for (const auto& field : fields.field_violations()) {
      details.field_violations.push_back({field.field(), field.description()});
    }
  } else if (any.UnpackTo(&retry)) {
    details.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                          absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view request_id) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = ToRpcStatus(status, request_id);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(),
                      wire.SerializeAsString());
}

google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view request_id) {
  return ToWire(IsSecret(status.code()) ? Sanitised(request_id) : status);
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  ErrorDetails details;
  google::rpc::Status wire;
  if (wire.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : wire.details()) ReadDetail(detail, details);
  }
  return MakeError(static_cast<absl::StatusCode>(status.error_code()), status.error_message(),
                   details);
}

}  // namespace fairway::rpc
