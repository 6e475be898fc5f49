#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace pqxx {
class transaction_base;
}

namespace fairway {

// The roles of roles.sql. None of them can log in: what may log in is a member of one.
inline constexpr absl::string_view kOwnerRole = "fairway_owner";
inline constexpr absl::string_view kIngestRole = "fairway_ingest";
inline constexpr absl::string_view kQueryRole = "fairway_query";

// Who a service is for the database.
struct Login {
  std::string name;
  std::string password;  // Empty: none for a new login, the one it has for another.
};

struct Logins {
  std::optional<Login> ingest;
  std::optional<Login> query;
};

struct LoginChange {
  enum class Kind { kCreated, kPasswordSet, kNone };
  std::string name;
  Kind kind = Kind::kNone;
};

// INVALID_ARGUMENT where the names are no two names.
absl::Status CheckLogins(const Logins& logins);

// FAILED_PRECONDITION where one of the roles is more than a group: somebody else made it.
absl::Status CheckGroupRoles(pqxx::transaction_base& tx);

// Creates a login as a member of `role`, or sets its password and lets it log in again; sessions
// that are open go on. The
// password is sent as a SCRAM verifier, so that no log of the server has it. INVALID_ARGUMENT where
// the name is reserved; FAILED_PRECONDITION where it is that of a role that is more than a member
// of `role`, or something else: its password is not ours to set.
absl::StatusOr<LoginChange> SetLogin(pqxx::transaction_base& tx, absl::string_view role,
                                     const Login& login);

}  // namespace fairway
