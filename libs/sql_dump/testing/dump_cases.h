#pragma once

#include <string>
#include <vector>

namespace fairway::sql_dump::testing {

// A dump that somebody may send, and what must become of it: read as psql does it (the database
// test compares), or refused at a line, for a reason.
struct DumpCase {
  std::string name;
  std::string text;
  int refused_at = -1;  // -1: it is read; 0: refused as a whole.
  std::string reason;   // Part of the message.
};

std::vector<DumpCase> DumpCases();

}  // namespace fairway::sql_dump::testing
