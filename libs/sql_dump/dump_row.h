#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "libs/sql_dump/copy_line.h"
#include "libs/sql_dump/dump_state.h"

namespace fairway::sql_dump {

// A row that the dump puts into one of the three tables of some schema, or into a partition or
// child of it. Valid until the next one is read.
struct DumpRow {
  static constexpr size_t kFieldsMax = 4;

  const SchemaKey* schema = nullptr;
  Role role = Role::kPorts;
  int64_t line = 0;
  // In the order of ColumnsOfRole(), with the types of those columns ("" when unknown).
  std::array<const Field*, kFieldsMax> fields = {};
  std::array<const std::string*, kFieldsMax> types = {};
};

}  // namespace fairway::sql_dump
