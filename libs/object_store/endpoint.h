#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "libs/object_store/environment.h"
#include "libs/object_store/object_address.h"

namespace fairway::object_store {

// Where the objects of a region are.
struct Endpoint {
  std::string region;
  std::string url;  // Of a compatible store, without a slash at its end; "" for AWS itself.

  // AWS is addressed by bucket.host, which its certificates cover unless the bucket has dots; other
  // stores by host/bucket.
  std::string UrlOf(const ObjectAddress& address) const;
};

// From AWS_REGION or AWS_DEFAULT_REGION, and AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL; a compatible
// store needs no region. INVALID_ARGUMENT.
absl::StatusOr<Endpoint> EndpointFrom(const Environment& environment);

}  // namespace fairway::object_store
