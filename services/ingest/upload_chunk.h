#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Prices as they were sent, before anybody looked at them. Views into a message: nothing is copied.
namespace fairway::ingest {

struct RawPrice {
  absl::string_view origin;
  absl::string_view destination;
  absl::string_view day;
  int64_t price;
};

using RawRows = absl::Span<const RawPrice>;

// Row i is (ports[origins[i]], ports[destinations[i]], day_numbers[i], prices[i]).
struct RawColumns {
  std::vector<absl::string_view> ports;
  absl::Span<const uint32_t> origins;
  absl::Span<const uint32_t> destinations;
  absl::Span<const int32_t> day_numbers;
  absl::Span<const int64_t> prices;
};

using RawChunk = std::variant<RawRows, RawColumns>;

// What the sender says of all its rows once they are sent.
struct UploadEnd {
  std::optional<int64_t> row_count;
  std::string digest;  // "" when not told.
};

// Where the chunks of an upload come from.
class ChunkSource {
 public:
  virtual ~ChunkSource() = default;

  // The next chunk, valid until the next call; null when no more will come. CANCELLED when the
  // client went away; UPLOAD_TIMED_OUT; INVALID_REQUEST for a message that is no chunk.
  virtual absl::StatusOr<const RawChunk*> Next() = 0;

  // Once Next() returned null: what the sender said last; nothing when it said nothing, which is no
  // proof that all it sent has arrived.
  virtual std::optional<UploadEnd> end() const = 0;
};

}  // namespace fairway::ingest
