#pragma once

#include "absl/strings/string_view.h"

namespace fairway::sql_dump {

// Whether PostgreSQL has a setting of this name, in lower case: those that pg_dump sets, in every
// version, and those that people set in scripts. To set another one may fail.
bool IsKnownSetting(absl::string_view name);

}  // namespace fairway::sql_dump
