#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/domain/consistency.h"

namespace fairway::query {

// INVALID_REQUEST for a version or duration below zero, a duration that is not valid, or an
// identity without a version.
absl::StatusOr<Consistency> ParseConsistency(const v1::Consistency& consistency);

// INVALID_REQUEST, naming `field`, for a version below zero.
absl::StatusOr<VersionId> ParseVersion(absl::string_view field, int64_t number,
                                       VersionIdentity identity);

}  // namespace fairway::query
