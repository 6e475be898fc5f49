#pragma once

#include <grpcpp/support/slice.h>

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "libs/domain/dataset_version.h"
#include "libs/domain/limits.h"

namespace fairway::query {

// The bytes of recent replies, by the bytes of their requests: what is asked again and again, such
// as the lanes of a dashboard, is parsed, looked up and written once for each version. Takes a few
// megabytes at most. Thread-safe.
class KeptReplies {
 public:
  // The reply that was kept for exactly this request at this version.
  std::optional<grpc::Slice> Find(absl::string_view request, const VersionId& version) const;

  // May take the place of another reply. Long requests and replies are not kept.
  void Keep(absl::string_view request, const VersionId& version, const grpc::Slice& reply);

 private:
  struct Place {
    mutable std::mutex mutex;
    VersionId version;
    std::string request;  // Empty: there is none.
    grpc::Slice reply;
  };

  static size_t PlaceOf(absl::string_view request);

  std::array<Place, limits::kKeptReplies> places_;
};

}  // namespace fairway::query
