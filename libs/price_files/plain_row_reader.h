#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

#include "libs/price_files/price_source.h"

namespace fairway::price_files {

// Reads rows of exactly four fields, origin, destination, day and price, in the form in which most
// programs write them: letters, digits and hyphens without quotes or spaces, and a price in range
// of one to nine digits. Takes a fraction of the time of CsvSplitter and what follows it. For one
// thread.
class PlainRowReader {
 public:
  explicit PlainRowReader(char separator) : separator_(separator) {}

  // Leaves `price.errors` alone; the texts point into `row`. False for every other row, which may
  // be as good; the texts are unspecified then.
  bool Read(absl::string_view row, PriceText& price);

 private:
  bool ReadFields(absl::string_view row);

  const char separator_;
  // The last row up to its price: those of a lane and a day mostly follow each other.
  std::string fields_;
  size_t origin_size_ = 0;
  size_t destination_size_ = 0;
};

}  // namespace fairway::price_files
