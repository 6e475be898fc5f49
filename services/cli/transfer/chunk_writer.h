#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
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

  void Add(const price_files::PriceText& price);
  bool full() const { return row_count_ >= kRowsMax || text_bytes_ >= kTextBytesMax; }
  // Including rejected rows.
  size_t row_count() const { return row_count_; }

  // Moves the rows into `chunk`, replacing its content.
  void TakeInto(v1::PriceChunk& chunk);

 private:
  // The number that a text had in the row before: rows of a lane, or of a day, often follow each
  // other.
  template <typename Number>
  struct Last {
    void Set(absl::string_view new_text, Number new_number) {
      text.assign(new_text.data(), new_text.size());
      number = new_number;
    }

    std::string text;
    std::optional<Number> number;  // None: there was no such row.
  };

  void AddToColumns(const price_files::PriceText& price, int32_t day_number);
  void AddToRows(const price_files::PriceText& price);
  void MoveColumnsToRows();
  void Reject(const price_files::PriceText& price);
  bool ReadDay(absl::string_view day, int32_t& number);
  uint32_t PortNumber(absl::string_view port, Last<uint32_t>& last);

  v1::PriceColumns columns_;
  v1::PriceRows rows_;  // Empty while every day is valid.
  std::vector<v1::RejectedRow> rejected_;
  size_t row_count_ = 0;
  size_t text_bytes_ = 0;
  absl::flat_hash_map<std::string, uint32_t> port_numbers_;
  Last<uint32_t> origin_;
  Last<uint32_t> destination_;
  Last<int32_t> day_;
};

}  // namespace fairway::cli
