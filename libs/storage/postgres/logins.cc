#include "libs/storage/postgres/logins.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/password_verifier.h"

namespace fairway {
namespace {

// PostgreSQL cuts longer names.
constexpr size_t kNameBytesMax = 63;

absl::Status CheckName(absl::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the name of a login has 1 to ", kNameBytesMax, " bytes"));
  }
  if (std::any_of(name.begin(), name.end(), absl::ascii_iscntrl)) {
    return absl::InvalidArgumentError("the name of a login has no control characters");
  }
  if (name == kOwnerRole || name == kIngestRole || name == kQueryRole || name == "public" ||
      name == "none" || absl::StartsWith(name, "pg_")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", name, "\" is a reserved name: choose another one, such as ", kQueryRole, "_a"));
  }
  return absl::OkStatus();
}

// Whether there is such a role. FAILED_PRECONDITION where it is not just a member of `role`.
absl::StatusOr<bool> FindLogin(pqxx::transaction_base& tx, const std::string& role,
                               const std::string& name) {
  const pqxx::result found = tx.exec_params(
      "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, "
      "  coalesce((SELECT array_agg(roleid::regrole::text) FROM pg_auth_members "
      "            WHERE member = pg_roles.oid) = ARRAY[$2], false), "
      "  rolname IN (current_user, session_user) "
      "FROM pg_roles WHERE rolname = $1",
      name, role);
  if (found.empty()) return false;
  const pqxx::row row = found[0];
  if (row[2].as<bool>()) {
    return absl::FailedPreconditionError(
        absl::StrCat("\"", name, "\" is who migrates: services need a login of their own"));
  }
  if (row[0].as<bool>() || !row[1].as<bool>()) {
    return absl::FailedPreconditionError(absl::StrCat("there is a role \"", name,
                                                      "\" already, which is more than a member of ",
                                                      role, ", or none: choose another name"));
  }
  return true;
}

absl::StatusOr<std::string> PasswordClause(pqxx::transaction_base& tx, const Login& login) {
  if (login.password.empty()) return "";
  ASSIGN_OR_RETURN(const std::string verifier,
                   postgres::MakePasswordVerifier(login.name, login.password));
  return absl::StrCat(" PASSWORD ", tx.quote(verifier));
}

}  // namespace

absl::Status CheckLogins(const Logins& logins) {
  for (const std::optional<Login>* login : {&logins.ingest, &logins.query}) {
    if (login->has_value()) RETURN_IF_ERROR(CheckName((*login)->name));
  }
  if (logins.ingest && logins.query && logins.ingest->name == logins.query->name) {
    return absl::InvalidArgumentError(absl::StrCat("\"", logins.query->name,
                                                   "\" cannot be the login of both services: what "
                                                   "ingest may write, query may not"));
  }
  return absl::OkStatus();
}

absl::Status CheckGroupRoles(pqxx::transaction_base& tx) {
  const pqxx::result found = tx.exec_params(
      "SELECT rolname FROM pg_roles WHERE rolname IN ($1, $2, $3) AND (rolcanlogin OR rolsuper OR "
      "  rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR "
      "  EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)) ORDER BY 1",
      std::string(kOwnerRole), std::string(kIngestRole), std::string(kQueryRole));
  if (found.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the role ", found[0][0].c_str(),
                   " is not Fairway's: it can log in, or has rights of its own, which all logins "
                   "would inherit; give it another name"));
}

absl::StatusOr<LoginChange> SetLogin(pqxx::transaction_base& tx, absl::string_view role,
                                     const Login& login) {
  const std::string group(role);
  ASSIGN_OR_RETURN(const bool exists, FindLogin(tx, group, login.name));
  const std::string name = tx.quote_name(login.name);
  ASSIGN_OR_RETURN(const std::string password, PasswordClause(tx, login));
  if (!exists) {
    tx.exec(absl::StrCat("CREATE ROLE ", name, " LOGIN", password, " IN ROLE ", group));
    return LoginChange{login.name, LoginChange::Kind::kCreated};
  }
  if (password.empty()) return LoginChange{login.name, LoginChange::Kind::kNone};
  // Whatever it was locked by: with its new password it works.
  tx.exec(absl::StrCat("ALTER ROLE ", name, " LOGIN INHERIT VALID UNTIL 'infinity'", password));
  return LoginChange{login.name, LoginChange::Kind::kPasswordSet};
}

}  // namespace fairway
