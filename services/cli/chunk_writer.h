#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fairway/v1/batch.pb.h"

#include "services/cli/price_source.h"

namespace fairway::cli {

// Collects prices and turns them into a chunk: columns, the fast form, or rows where a day is none,
// so that the service sees and tells it as it was.
class ChunkWriter {
 public:
  static constexpr size_t kRowsMax = 16 * 1024;
  // Half of what a message may have: a line of nonsense may be long, too.
  static constexpr size_t kTextBytesMax = size_t{2} << 20;

  void Add(const PriceText& price) {
    prices_.push_back(price);
    text_bytes_ += price.origin.size() + price.destination.size() + price.day.size();
  }
  bool full() const { return prices_.size() >= kRowsMax || text_bytes_ >= kTextBytesMax; }
  size_t row_count() const { return prices_.size(); }

  // Fills `chunk` and starts over empty.
  void TakeInto(v1::PriceChunk& chunk);

 private:
  bool FillColumns(v1::PriceColumns& columns);
  void FillRows(v1::PriceRows& rows) const;
  uint32_t PortNumber(const std::string& port, v1::PriceColumns& columns);

  std::vector<PriceText> prices_;
  size_t text_bytes_ = 0;
  absl::flat_hash_map<std::string, uint32_t> port_numbers_;
};

}  // namespace fairway::cli
