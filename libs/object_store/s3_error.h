#pragma once

#include <string>

#include "absl/status/status.h"

#include "libs/http/client.h"
#include "libs/object_store/object_address.h"

namespace fairway::object_store {

// <Code> of an answer that is an error; "" when it has none (answers to HEAD have no body).
std::string S3ErrorCodeOf(const http::Response& response);

// What an answer that is an error means, for people:
//   UNAVAILABLE: S3 asks to try again;      NOT_FOUND: no such bucket, object or version;
//   PERMISSION_DENIED, UNAUTHENTICATED: the keys are known and may not, or are wrong;
//   ABORTED: the object is no longer the one that was asked for;
//   FAILED_PRECONDITION: anything else.
absl::Status S3Error(const http::Response& response, const ObjectAddress& address);

// Whether the session of the keys is over, and new ones would do.
bool HasExpired(const http::Response& response);

}  // namespace fairway::object_store
