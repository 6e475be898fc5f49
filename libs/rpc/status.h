#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::rpc {
class Status;
}

namespace fairway::rpc {

// The one place where absl::Status becomes grpc::Status. Reason, metadata, fields and retry delay
// become google.rpc details, as many fields as fit: details and message stay within 4 KiB of
// trailers, because larger ones kill the reply. INTERNAL and UNKNOWN give the client nothing but
// the request id to quote.
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view request_id);

// The same as a message, for the status of a part of an answer.
google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view request_id);

// What the other side's details say, as libs/domain/error_details.h carries it. For clients.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace fairway::rpc
