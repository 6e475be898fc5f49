#include "libs/object_store/s3_error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace fairway::object_store {
namespace {

// The text of the first element with this name: all that errors of S3 need of XML.
std::string TextOf(absl::string_view xml, absl::string_view element) {
  const std::string open = absl::StrCat("<", element, ">");
  const std::string close = absl::StrCat("</", element, ">");
  const size_t start = xml.find(open);
  if (start == absl::string_view::npos) return "";
  const size_t end = xml.find(close, start);
  if (end == absl::string_view::npos) return "";
  return std::string(xml.substr(start + open.size(), end - start - open.size()));
}

absl::StatusCode CodeOf(int status, absl::string_view code) {
  if (code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch" || code == "InvalidToken" ||
      code == "ExpiredToken" || code == "RequestTimeTooSkewed" || status == 401) {
    return absl::StatusCode::kUnauthenticated;
  }
  if (code == "SlowDown" || code == "RequestTimeout" || code == "InternalError" ||
      code == "OperationAborted" || status == 429 || status >= 500) {
    return absl::StatusCode::kUnavailable;
  }
  if (status == 404) return absl::StatusCode::kNotFound;
  if (status == 403) return absl::StatusCode::kPermissionDenied;
  if (status == 412) return absl::StatusCode::kAborted;
  return absl::StatusCode::kFailedPrecondition;
}

std::string Explain(absl::StatusCode code, absl::string_view s3_code,
                    const http::Response& response) {
  const std::string region = response.Header("x-amz-bucket-region");
  if (response.status == 301 || s3_code == "AuthorizationHeaderMalformed") {
    return absl::StrCat("the bucket is in another region",
                        region.empty() ? "" : absl::StrCat(", ", region), "; set AWS_REGION");
  }
  if (s3_code == "NoSuchBucket") return "there is no such bucket";
  if (s3_code == "NoSuchVersion") return "there is no such version";
  if (!response.Header("x-amz-delete-marker").empty()) return "it was deleted";
  if (code == absl::StatusCode::kNotFound) return "there is no such object";
  if (code == absl::StatusCode::kAborted) return "it was replaced while it was being read";
  if (code == absl::StatusCode::kPermissionDenied) {
    return "access denied (also the answer for an object that does not exist, to who may not list "
           "the bucket)";
  }
  if (code == absl::StatusCode::kUnauthenticated) return "the credentials are not accepted";
  return "S3 refused";
}

}  // namespace

std::string S3ErrorCodeOf(const http::Response& response) { return TextOf(response.body, "Code"); }

absl::Status S3Error(const http::Response& response, const ObjectAddress& address) {
  const std::string s3_code = S3ErrorCodeOf(response);
  const absl::StatusCode code = CodeOf(response.status, s3_code);
  std::string message =
      absl::StrCat(ToString(address), ": ", Explain(code, s3_code, response), " (HTTP ",
                   response.status, s3_code.empty() ? "" : " ", s3_code);
  const std::string text = TextOf(response.body, "Message");
  if (!text.empty()) absl::StrAppend(&message, ": ", text);
  return absl::Status(code, absl::StrCat(message, ")"));
}

bool HasExpired(const http::Response& response) {
  return S3ErrorCodeOf(response) == "ExpiredToken";
}

}  // namespace fairway::object_store
