#include "services/query/parse_consistency.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/rpc/proto_time.h"

namespace fairway::query {
namespace {

absl::StatusOr<MaxStaleness> ParseMaxStaleness(const google::protobuf::Duration& message) {
  constexpr absl::string_view kField = "consistency.max_staleness";
  MaxStaleness staleness;
  if (!rpc::ReadDuration(message, staleness.duration)) {
    return InvalidRequestError(kField, "not a valid duration");
  }
  if (staleness.duration < absl::ZeroDuration()) {
    return InvalidRequestError(kField, "must not be negative");
  }
  return staleness;
}

absl::StatusOr<Consistency> ParseRequirement(const v1::Consistency& consistency) {
  switch (consistency.requirement_case()) {
    case v1::Consistency::kAtLeast: {
      ASSIGN_OR_RETURN(
          const VersionId version,
          ParseVersion("consistency.at_least", consistency.at_least(), consistency.version_id()));
      return AtLeast{version};
    }
    case v1::Consistency::kExact: {
      ASSIGN_OR_RETURN(
          const VersionId version,
          ParseVersion("consistency.exact", consistency.exact(), consistency.version_id()));
      return Exactly{version};
    }
    case v1::Consistency::kMaxStaleness:
      return ParseMaxStaleness(consistency.max_staleness());
    case v1::Consistency::REQUIREMENT_NOT_SET:
      break;
  }
  return NewestHeld{};
}

}  // namespace

absl::StatusOr<VersionId> ParseVersion(absl::string_view field, int64_t number,
                                       VersionIdentity identity) {
  if (number < 0) return InvalidRequestError(field, "a version is not negative");
  return VersionId{number, identity};
}

absl::StatusOr<Consistency> ParseConsistency(const v1::Consistency& consistency) {
  FieldErrors errors;
  const bool names_version = consistency.has_at_least() || consistency.has_exact();
  if (consistency.version_id() != 0 && !names_version) {
    errors.Add(InvalidRequestError("consistency.version_id", "neither at_least nor exact is set"));
  }
  Consistency parsed;
  errors.SetOrAdd(ParseRequirement(consistency), parsed);
  RETURN_IF_ERROR(errors.status());
  return parsed;
}

}  // namespace fairway::query
