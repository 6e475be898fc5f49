#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::ingest {

// The number of a row that a page token holds; none without a token, for the first page. `scope`:
// what the token is bound to. INVALID_PAGE_TOKEN.
absl::StatusOr<std::optional<int64_t>> ParseRowCursor(absl::string_view scope,
                                                      absl::string_view page_token);

// The page token; "" when there is no next page.
std::string FormatRowCursor(absl::string_view scope, std::optional<int64_t> next);

}  // namespace fairway::ingest
