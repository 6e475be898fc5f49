#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "libs/domain/day.h"
#include "tests/fuzz/grpc_framing.h"

namespace fairway::fuzz {

// Origin, destination, day as text, price.
using Row = std::tuple<std::string, std::string, std::string, int64_t>;
using Rows = std::multiset<Row>;

// All rows of a stream as protobuf's own parser reads them. Nothing where an OK would be wrong
// whatever is stored: for a message that it cannot read, that holds a field unknown to it, or
// whose row is no price; for a message behind the end; and for a stream that does not say where it
// ends, or ends elsewhere.
std::optional<Rows> RowsOf(const Stream& stream);

}  // namespace fairway::fuzz
