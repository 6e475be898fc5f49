#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fairway::postgres {

// What PostgreSQL keeps of a password, SCRAM-SHA-256, for CREATE ROLE and ALTER ROLE: the password
// itself would be read in logs of statements. Another one each time, because of its salt.
// INVALID_ARGUMENT when libpq cannot make one.
absl::StatusOr<std::string> MakePasswordVerifier(const std::string& user,
                                                 const std::string& password);

}  // namespace fairway::postgres
