#pragma once

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"

#include "libs/domain/dataset_version.h"

namespace fairway {

// The memory that a book may take while it is made, shared by all who make it side by side and
// lessened by the book that answers meanwhile. Thread-safe.
class BookBudget {
 public:
  // Both as PriceBook::byte_count(). `bytes_max` 0: no bound.
  BookBudget(int64_t bytes_max, int64_t bytes_held)
      : bytes_max_(bytes_max), bytes_held_(bytes_held) {}

  // Less than nothing gives back.
  void Take(int64_t bytes) {
    const int64_t taken = bytes_taken_.fetch_add(bytes) + bytes;
    if (bytes_max_ != 0 && bytes_held_ + taken > bytes_max_) is_exceeded_ = true;
  }
  // Once true, for good: who finds it true may drop what was made.
  bool is_exceeded() const { return is_exceeded_; }

  // RESOURCE_EXHAUSTED, with what there is and what `version` needs.
  absl::Status Refusal(DatasetVersion version) const;

 private:
  const int64_t bytes_max_;
  const int64_t bytes_held_;
  std::atomic<int64_t> bytes_taken_ = 0;
  std::atomic<bool> is_exceeded_ = false;
};

}  // namespace fairway
