#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway {

// The opaque token of AIP-158 pages. It carries where the next page begins and which request it
// belongs to, so that a token given to another request is refused instead of misread.
std::string MakePageToken(absl::string_view request, absl::string_view cursor);

// What stands for a request that is too large to be kept for its tokens' sake.
std::string RequestFingerprint(absl::string_view request);

// The cursor that MakePageToken was given for the same `request`; INVALID_PAGE_TOKEN otherwise,
// naming `field`.
absl::StatusOr<std::string> ParsePageToken(absl::string_view request, absl::string_view token,
                                           absl::string_view field = "page_token");

// The page size to use: kPageSizeDefault for 0, at most kPageSizeMax; INVALID_REQUEST below 0.
absl::StatusOr<int> ParsePageSize(int32_t page_size);

}  // namespace fairway
