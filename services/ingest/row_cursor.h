#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::ingest {

// A page token that holds the number of a row; no token is the first page. INVALID_PAGE_TOKEN.
absl::StatusOr<std::optional<int64_t>> ReadCursor(absl::string_view request,
                                                  absl::string_view page_token);

// "" when there is no next page.
std::string WriteCursor(absl::string_view request, std::optional<int64_t> next);

}  // namespace fairway::ingest
