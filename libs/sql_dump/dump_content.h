#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/domain/day.h"
#include "libs/sql_dump/dump_reader.h"
#include "libs/sql_dump/text_source.h"

namespace fairway::sql_dump {

// A region or a port.
struct DumpLocation {
  std::string code;
  std::string name;
  std::string parent;  // "" is none.
  int64_t line = 0;
};

// What a dump holds, but for the prices themselves.
struct DumpContent {
  SchemaKey schema;
  std::vector<DumpLocation> regions;
  std::vector<DumpLocation> ports;
  int64_t price_count = 0;
  std::string digest;  // Of the prices, as a batch of them has it.
};

struct DumpPrice {
  std::string origin;
  std::string destination;
  Day day;
  int64_t price = 0;
  int64_t line = 0;
};

// Reads all of a dump and checks all of it: the tables of schema public, or of the one schema that
// has all three. Whatever keeps them from being exactly what PostgreSQL would hold, or from being
// locations and prices that can be imported, is FILE_CONTENT with its line.
absl::StatusOr<DumpContent> ReadDumpContent(TextSource& source);

// The prices of a dump that ReadDumpContent() has read, in its order.
class DumpPrices {
 public:
  DumpPrices(TextSource& source, SchemaKey schema) : reader_(source), schema_(std::move(schema)) {}

  // False at the end. FILE_CONTENT when the dump is not what it was.
  absl::StatusOr<bool> Next(DumpPrice& price);

 private:
  DumpReader reader_;
  const SchemaKey schema_;
};

}  // namespace fairway::sql_dump
