#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "libs/postgres/connection_options.h"

// SQL for the assertions of tests: each call has a session of its own, and a failure fails the
// running test.
namespace fairway::testing {

// Commands, separated by semicolons.
void Execute(const postgres::ConnectionOptions& options, absl::string_view sql);

// The rows of a SELECT, each as PostgreSQL writes a record: "(CNGGZ,2021-01-01,3)".
std::vector<std::string> Query(const postgres::ConnectionOptions& options, absl::string_view sql);

// The first column of the first row; empty when there is none.
std::string QueryText(const postgres::ConnectionOptions& options, absl::string_view sql);
int64_t QueryInt(const postgres::ConnectionOptions& options, absl::string_view sql);

}  // namespace fairway::testing
