#include "libs/sql_dump/choose_schema.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {
namespace {

std::string NameOf(const SchemaKey& key) {
  return key.database.empty() ? key.schema : absl::StrCat(key.database, ".", key.schema);
}

// No schema has all three: says what the likeliest one lacks.
absl::Status Incomplete(const DumpState& state) {
  std::vector<std::string> missing;
  const auto found = std::find_if(state.schemas.begin(), state.schemas.end(),
                                  [](const auto& entry) { return entry.first.schema == "public"; });
  const SchemaState nothing;
  const SchemaState& best = found != state.schemas.end() ? found->second
                            : !state.schemas.empty()     ? state.schemas.begin()->second
                                                         : nothing;
  // A statement that was not understood may have made what is missing.
  if (best.obstacle) return *best.obstacle;
  for (size_t i = 0; i < kRoleCount; ++i) {
    if (!best.has_table[i]) missing.emplace_back(NameOfRole(static_cast<Role>(i)));
  }
  if (!best.has_table[static_cast<size_t>(Role::kPrices)] && state.stray_prices) {
    return DumpError(
        state.name, state.stray_prices->second,
        absl::StrCat("rows of ", state.stray_prices->first.ToString(),
                     ", of which this dump does not say whether they belong to prices; make it "
                     "with pg_dump --load-via-partition-root, or without --data-only"));
  }
  return DumpError(state.name, best.line,
                   absl::StrCat("no schema in it has the tables regions, ports and prices: ",
                                absl::StrJoin(missing, ", "), " missing"));
}

}  // namespace

absl::StatusOr<SchemaKey> ChooseSchema(const DumpState& state) {
  std::vector<SchemaKey> complete;
  std::vector<SchemaKey> public_ones;
  for (const auto& [key, schema] : state.schemas) {
    const bool has_all =
        std::all_of(schema.has_table.begin(), schema.has_table.end(), [](bool has) { return has; });
    if (!has_all) continue;
    complete.push_back(key);
    if (key.schema == "public") public_ones.push_back(key);
  }
  if (complete.empty()) return Incomplete(state);
  const bool is_one_database =
      std::all_of(complete.begin(), complete.end(),
                  [&](const SchemaKey& key) { return key.database == complete[0].database; });
  if (complete.size() == 1) return complete[0];
  if (is_one_database && public_ones.size() == 1) return public_ones[0];
  const SchemaKey& second = complete[1];
  return DumpError(state.name, state.schemas.at(second).line,
                   absl::StrCat("whose prices? ", NameOf(complete[0]), " and ", NameOf(second),
                                " both have regions, ports and prices; dump one of them alone"));
}

}  // namespace fairway::sql_dump
