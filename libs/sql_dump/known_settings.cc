#include "libs/sql_dump/known_settings.h"

#include <algorithm>
#include <array>

namespace fairway::sql_dump {
namespace {

constexpr std::array kKnownSettings = {"application_name",
                                       "array_nulls",
                                       "backslash_quote",
                                       "bytea_output",
                                       "check_function_bodies",
                                       "client_encoding",
                                       "client_min_messages",
                                       "constraint_exclusion",
                                       "datestyle",
                                       "default_table_access_method",
                                       "default_tablespace",
                                       "default_toast_compression",
                                       "default_transaction_isolation",
                                       "default_transaction_read_only",
                                       "default_with_oids",
                                       "escape_string_warning",
                                       "extra_float_digits",
                                       "idle_in_transaction_session_timeout",
                                       "intervalstyle",
                                       "jit",
                                       "lc_messages",
                                       "lc_monetary",
                                       "lc_numeric",
                                       "lc_time",
                                       "lock_timeout",
                                       "maintenance_work_mem",
                                       "max_parallel_maintenance_workers",
                                       "quote_all_identifiers",
                                       "role",
                                       "row_security",
                                       "search_path",
                                       "server_version",
                                       "server_version_num",
                                       "session_authorization",
                                       "session_replication_role",
                                       "standard_conforming_strings",
                                       "statement_timeout",
                                       "synchronize_seqscans",
                                       "synchronous_commit",
                                       "temp_buffers",
                                       "timezone",
                                       "transaction_read_only",
                                       "transaction_timeout",
                                       "work_mem",
                                       "xmlbinary",
                                       "xmloption"};

}  // namespace

bool IsKnownSetting(absl::string_view name) {
  return std::find(kKnownSettings.begin(), kKnownSettings.end(), name) != kKnownSettings.end();
}

}  // namespace fairway::sql_dump
