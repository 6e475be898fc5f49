#include "libs/sql_dump/testing/dump_cases.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

std::vector<DumpCase> DumpCases() {
  std::vector<DumpCase> all;
  for (const std::vector<DumpCase>& cases :
       {CopyCases(), InsertCases(), ValueCases(), ChangeCases(), SessionCases(), TableCases(),
        SchemaCases(), PartitionCases(), FailureCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace fairway::sql_dump::testing
