#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/http/client.h"
#include "libs/object_store/credentials.h"
#include "libs/object_store/endpoint.h"
#include "libs/object_store/object_address.h"

namespace fairway::object_store {

// What S3 says of an object.
struct ObjectInfo {
  int64_t size = 0;
  std::string etag;     // With its quotes, as S3 gives and wants it.
  std::string version;  // "" in a bucket without versions.
};

struct RetryOptions {
  int attempts_max = 6;
  absl::Duration first_pause = absl::Milliseconds(200);
  absl::Duration longest_pause = absl::Seconds(5);
};

// The few operations of S3 that a load needs. Each is tried several times over what passes: cut and
// stalled connections, HTTP 429 and 5xx, keys whose session ended. Errors: see S3Error; CANCELLED
// by `stop`. Borrows what it is given. For one operation at a time.
class S3Client {
 public:
  S3Client(Endpoint endpoint, http::Client* http, CredentialsProvider* credentials,
           RetryOptions retry = {});

  // Size and identity, without the content.
  absl::StatusOr<ObjectInfo> Stat(const ObjectAddress& address, const std::stop_token& stop = {});

  // Bytes [first, first + count), which must all exist. ABORTED when the object's ETag is another
  // one by now.
  absl::StatusOr<std::string> ReadRange(const ObjectAddress& address, const std::string& etag,
                                        int64_t first, int64_t count,
                                        const std::stop_token& stop = {});

  // Inside S3, without the bytes passing through here. Up to kCopyBytesMax.
  absl::Status Copy(const ObjectAddress& from, const ObjectAddress& to);
  static constexpr int64_t kCopyBytesMax = int64_t{5} << 30;

  // Up to a few megabytes at once.
  absl::Status Put(const ObjectAddress& to, const std::string& content,
                   const std::string& content_type);

 private:
  // The answer, when it is one of success; retries.
  absl::StatusOr<http::Response> Send(http::Request request, const ObjectAddress& address,
                                      const std::stop_token& stop);
  absl::StatusOr<http::Response> SendOnce(http::Request& request, const ObjectAddress& address,
                                          const std::stop_token& stop);
  // The cause of a failed HEAD, which only other methods return.
  absl::Status WhyNot(const ObjectAddress& address, const absl::Status& status,
                      const std::stop_token& stop);

  const Endpoint endpoint_;
  http::Client* const http_;
  CredentialsProvider* const credentials_;
  const RetryOptions retry_;
};

}  // namespace fairway::object_store
