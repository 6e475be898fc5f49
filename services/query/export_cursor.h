#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/domain/dataset_version.h"
#include "libs/domain/price.h"

namespace fairway::query {

// How far an export got: how many lanes of its list were sent or, without a list, the last lane.
struct ExportCursor {
  VersionId version;
  size_t lanes_sent = 0;
  std::optional<Lane> last_lane;

  friend bool operator==(const ExportCursor&, const ExportCursor&) = default;
};

inline constexpr size_t kResumeTokenBytesMax = 128;

// The resume token of an export. `fingerprint`: of the request, to which the token is bound.
std::string FormatResumeToken(absl::string_view fingerprint, const ExportCursor& cursor);

// INVALID_PAGE_TOKEN unless FormatResumeToken() made it for the same request.
absl::StatusOr<ExportCursor> ParseResumeToken(absl::string_view fingerprint,
                                              absl::string_view token);

}  // namespace fairway::query
