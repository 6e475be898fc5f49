#include "libs/postgres/password_verifier.h"

#include <libpq-fe.h>

#include <array>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "libs/postgres/connect.h"

namespace fairway::postgres {
namespace {

// libpq wants a connection, for its messages only. This one ends before it begins.
ConnectionHandle Unconnected() {
  const std::array<const char*, 2> keywords = {"port", nullptr};
  const std::array<const char*, 2> values = {"none", nullptr};
  return ConnectionHandle(
      PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0));
}

}  // namespace

absl::StatusOr<std::string> MakePasswordVerifier(const std::string& user,
                                                 const std::string& password) {
  const ConnectionHandle connection = Unconnected();
  const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
      PQencryptPasswordConn(connection.get(), password.c_str(), user.c_str(), "scram-sha-256"),
      &PQfreemem);
  if (verifier == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the password of ", user, " cannot be used: ", PQerrorMessage(connection.get())));
  }
  return std::string(verifier.get());
}

}  // namespace fairway::postgres
