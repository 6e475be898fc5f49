#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fairway/v1/batch.pb.h"

#include "libs/price_files/price_source.h"

namespace fairway::cli {

// Collects rows into a chunk: as columns, the fast form, or as rows if a day is invalid, so that
// the service reports it as written. Rows with errors become rejected rows. For one thread.
class ChunkWriter {
 public:
  static constexpr size_t kRowsMax = 16 * 1024;
  // Half the limit of a message: invalid lines may be long.
  static constexpr size_t kTextBytesMax = size_t{2} << 20;

  void Add(const price_files::PriceText& price) {
    text_bytes_ += price.origin.size() + price.destination.size() + price.day.size();
    if (price.errors.empty()) {
      prices_.push_back(price);
    } else {
      Reject(price);
    }
    ++row_count_;
  }
  bool full() const { return row_count_ >= kRowsMax || text_bytes_ >= kTextBytesMax; }
  // Including rejected rows.
  size_t row_count() const { return row_count_; }

  // Moves the rows into `chunk`, replacing its content.
  void TakeInto(v1::PriceChunk& chunk);

 private:
  void Reject(const price_files::PriceText& price);
  bool FillColumns(v1::PriceColumns& columns);
  void FillRows(v1::PriceRows& rows) const;
  uint32_t PortNumber(const std::string& port, v1::PriceColumns& columns);

  std::vector<price_files::PriceText> prices_;
  std::vector<v1::RejectedRow> rejected_;
  size_t row_count_ = 0;
  size_t text_bytes_ = 0;
  absl::flat_hash_map<std::string, uint32_t> port_numbers_;
};

}  // namespace fairway::cli
