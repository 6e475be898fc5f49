#include "libs/object_store/s3_client.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/backoff.h"
#include "libs/base/pause.h"
#include "libs/base/sha256.h"
#include "libs/base/status_macros.h"
#include "libs/object_store/s3_error.h"

namespace fairway::object_store {
namespace {

constexpr int kHttpOk = 200;
constexpr int kHttpPartialContent = 206;

bool IsSuccess(const http::Request& request, const http::Response& response) {
  if (response.status / 100 != 2) return false;
  // A copy that fails after it began answers 200 with an error in its body.
  return request.method != "PUT" || !absl::StrContains(response.body, "<Error>");
}

std::string CopySourceOf(const ObjectAddress& from) {
  return absl::StrCat(
      "/", from.bucket, "/", UriEncode(from.key, /*keep_slash=*/true),
      from.version.empty() ? "" : "?versionId=", UriEncode(from.version, /*keep_slash=*/false));
}

}  // namespace

S3Client::S3Client(Endpoint endpoint, http::Client* http, CredentialsProvider* credentials,
                   RetryOptions retry)
    : endpoint_(std::move(endpoint)), http_(http), credentials_(credentials), retry_(retry) {}

absl::StatusOr<ObjectInfo> S3Client::Stat(const ObjectAddress& address,
                                          const std::stop_token& stop) {
  http::Request request = {.method = "HEAD"};
  absl::StatusOr<http::Response> response = Send(std::move(request), address, stop);
  if (!response.ok()) return WhyNot(address, response.status(), stop);
  ObjectInfo info = {.etag = response->Header("etag"),
                     .version = response->Header("x-amz-version-id")};
  if (!absl::SimpleAtoi(response->Header("content-length"), &info.size) || info.etag.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(ToString(address), ": the response has no size or no ETag"));
  }
  if (info.version == "null") info.version.clear();  // Written while versioning was suspended.
  return info;
}

absl::Status S3Client::WhyNot(const ObjectAddress& address, const absl::Status& status,
                              const std::stop_token& stop) {
  if (absl::IsUnavailable(status) || absl::IsCancelled(status)) return status;
  http::Request request = {.headers = {{"Range", "bytes=0-0"}}};
  const absl::Status reason = Send(std::move(request), address, stop).status();
  return reason.ok() || absl::IsCancelled(reason) ? status : reason;
}

absl::StatusOr<std::string> S3Client::ReadRange(const ObjectAddress& address,
                                                const std::string& etag, int64_t first,
                                                int64_t count, const std::stop_token& stop) {
  http::Request request = {
      .headers = {{"Range", absl::StrCat("bytes=", first, "-", first + count - 1)},
                  {"If-Match", etag}},
      .response_bytes_max = static_cast<size_t>(count) + 64 * 1024};
  ASSIGN_OR_RETURN(http::Response response, Send(std::move(request), address, stop));
  const bool is_whole = response.status == kHttpOk && first == 0;
  if ((response.status != kHttpPartialContent && !is_whole) ||
      static_cast<int64_t>(response.body.size()) != count) {
    return absl::UnavailableError(absl::StrCat(ToString(address), ": asked for bytes ", first,
                                               " to ", first + count - 1, " and got ",
                                               response.body.size()));
  }
  return std::move(response.body);
}

absl::Status S3Client::Copy(const ObjectAddress& from, const ObjectAddress& to) {
  http::Request request = {
      .method = "PUT",
      .headers = {{"x-amz-copy-source", CopySourceOf(from)},
                  // Ignored, but a request with a body has one; so it is signed.
                  {"Content-Type", "application/octet-stream"}}};
  return Send(std::move(request), to, {}).status();
}

absl::Status S3Client::Put(const ObjectAddress& to, const std::string& content,
                           const std::string& content_type) {
  http::Request request = {
      .method = "PUT", .headers = {{"Content-Type", content_type}}, .body = content};
  return Send(std::move(request), to, {}).status();
}

absl::StatusOr<http::Response> S3Client::Send(http::Request request, const ObjectAddress& address,
                                              const std::stop_token& stop) {
  request.url = endpoint_.UrlOf(address);
  request.headers.emplace_back("x-amz-content-sha256", Sha256Of(request.body));
  Backoff backoff(retry_.first_pause, retry_.longest_pause);
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<http::Response> response = SendOnce(request, address, stop);
    if (!absl::IsUnavailable(response.status()) || attempt >= retry_.attempts_max) return response;
    if (!Pause(backoff.Next(), {absl::InfiniteFuture(), stop})) {
      return absl::CancelledError("stopped");
    }
  }
}

absl::StatusOr<http::Response> S3Client::SendOnce(http::Request& request,
                                                  const ObjectAddress& address,
                                                  const std::stop_token& stop) {
  ASSIGN_OR_RETURN(const Credentials credentials, credentials_->Get(stop));
  request.signing_key = http::SigningKey{.access_key_id = credentials.access_key_id,
                                         .secret_access_key = credentials.secret_access_key,
                                         .session_token = credentials.session_token,
                                         .region = endpoint_.region};
  absl::StatusOr<http::Response> response = http_->Send(request, stop);
  if (!response.ok()) {
    return absl::Status(response.status().code(),
                        absl::StrCat(ToString(address), ": ", response.status().message()));
  }
  if (IsSuccess(request, *response)) return response;
  const absl::Status error = S3Error(*response, address);
  if (HasExpired(*response)) {
    credentials_->Forget();
    return absl::UnavailableError(error.message());
  }
  return error;
}

}  // namespace fairway::object_store
