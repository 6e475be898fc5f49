#include "libs/object_store/endpoint.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway::object_store {
namespace {

std::string FirstOf(const Environment& environment, const char* name, const char* other) {
  const std::string value = environment(name);
  return value.empty() ? environment(other) : value;
}

}  // namespace

std::string Endpoint::UrlOf(const ObjectAddress& address) const {
  const std::string key = UriEncode(address.key, /*keep_slash=*/true);
  const std::string query =
      address.version.empty()
          ? ""
          : absl::StrCat("?versionId=", UriEncode(address.version, /*keep_slash=*/false));
  if (!url.empty()) return absl::StrCat(url, "/", address.bucket, "/", key, query);
  const std::string host =
      absl::StrCat("s3.", region, ".amazonaws.com", absl::StartsWith(region, "cn-") ? ".cn" : "");
  if (absl::StrContains(address.bucket, '.')) {
    return absl::StrCat("https://", host, "/", address.bucket, "/", key, query);
  }
  return absl::StrCat("https://", address.bucket, ".", host, "/", key, query);
}

absl::StatusOr<Endpoint> EndpointFrom(const Environment& environment) {
  Endpoint endpoint;
  endpoint.region = FirstOf(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
  endpoint.url = std::string(
      absl::StripSuffix(FirstOf(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"), "/"));
  if (endpoint.url.empty() && endpoint.region.empty()) {
    return absl::InvalidArgumentError("which AWS region? set AWS_REGION");
  }
  if (!endpoint.url.empty() && !absl::StartsWith(endpoint.url, "http://") &&
      !absl::StartsWith(endpoint.url, "https://")) {
    return absl::InvalidArgumentError(
        absl::StrCat("AWS_ENDPOINT_URL ", endpoint.url, " must begin with http:// or https://"));
  }
  if (endpoint.region.empty()) endpoint.region = "us-east-1";
  return endpoint;
}

}  // namespace fairway::object_store
