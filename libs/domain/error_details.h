#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fairway {

struct FieldViolation {
  std::string field;  // Path in the request, such as "rows[17].origin".
  std::string description;

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// What a program can act on when a call fails; carried inside absl::Status as payloads, so that
// neither the domain nor the stores need protobuf. libs/rpc turns it into google.rpc details.
struct ErrorDetails {
  std::string reason;  // Machine-readable and stable, such as "LOCATION_NOT_FOUND".
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> field_violations;
  std::optional<absl::Duration> retry_delay;
};

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details);

// What a client sent may be long; what an error quotes of it is not.
std::string QuoteValue(absl::string_view value);

// Empty fields where the status carries none.
ErrorDetails DetailsOf(const absl::Status& status);

// The reason alone; "" when there is none.
std::string ReasonOf(const absl::Status& status);

// Attaches what is for the log only, such as a message of the database. Never sent to a client.
absl::Status WithCause(absl::Status status, absl::string_view cause);

// "" when there is none.
std::string CauseOf(const absl::Status& status);

}  // namespace fairway
