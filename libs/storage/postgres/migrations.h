#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fairway {

// A step of the schema: a file of migrations/, built into the program.
struct Migration {
  int number;
  absl::string_view name;  // "0002_batches"
  absl::string_view sql;
};

// Ascending, from 1 without gaps.
absl::Span<const Migration> Migrations();

// What runs before them and after them, each time: roles.sql, grants.sql.
absl::string_view RolesSql();
absl::string_view GrantsSql();

}  // namespace fairway
