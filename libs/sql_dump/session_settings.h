#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/sql_dump/sql_scanner.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// What the statements of a dump set for those that follow: how text is read, and in which schemas a
// table is looked for that is named without one.
class SessionSettings {
 public:
  SessionSettings() { Reset(); }

  // As a new connection has it.
  void Reset();

  // SET, RESET or SELECT set_config(…), behind its first word. The error has no line.
  absl::Status ApplySet(Cursor cursor);
  absl::Status ApplyReset(Cursor cursor);
  // `cursor` stands behind set_config's opening parenthesis.
  absl::Status ApplySetConfig(Cursor cursor);
  absl::Status SetEncoding(absl::string_view name);
  // ALTER DATABASE, ROLE or SYSTEM: what new connections begin with. The search path is not known
  // from the next one on, until it is set. That a role may only read is passed over: the one that
  // restores the dump writes.
  absl::Status NoteDefaults(const Statement& statement);

  const ReadingMode& mode() const { return mode_; }
  // Without pg_catalog and "$user".
  const std::vector<std::string>& search_path() const { return search_path_; }
  // Whether "$user" stands in the search path before this schema, or the schema not at all: then a
  // schema that is called as the user comes first, and a dump does not say who that is.
  bool IsUserBefore(absl::string_view schema) const;

 private:
  absl::Status Set(absl::string_view name, const std::vector<std::string>& values);
  void SetSearchPath(const std::vector<std::string>& schemas);

  ReadingMode mode_;
  std::vector<std::string> search_path_;
  std::optional<size_t> user_place_;  // How many schemas of the search path come before "$user".
  std::vector<std::string> default_search_path_ = {"$user", "public"};
};

// BEGIN, START TRANSACTION, SET TRANSACTION …: an error, which has no line, for READ ONLY.
// PostgreSQL refuses the rows that follow, and psql goes on.
absl::Status CheckTransactionMode(const Statement& statement);

}  // namespace fairway::sql_dump
