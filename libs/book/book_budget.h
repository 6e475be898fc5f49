#pragma once

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"

#include "libs/domain/dataset_version.h"

namespace fairway {

class RetiredBooks;

// The memory that a book may take while it is made, shared by all who make it side by side and
// lessened by the book that answers meanwhile and by those that were replaced. Thread-safe.
class BookBudget {
 public:
  // Bytes as PriceBook::byte_count(). `bytes_max` 0: no bound. `retired` (null: none): leased books
  // among them go when memory is short.
  BookBudget(int64_t bytes_max, int64_t bytes_held, RetiredBooks* retired = nullptr)
      : bytes_max_(bytes_max), bytes_held_(bytes_held), retired_(retired) {}

  // Less than nothing gives back.
  void Take(int64_t bytes);
  // Once true, for good: who finds it true may drop what was made.
  bool is_exceeded() const { return is_exceeded_; }
  // So far exceeded that not even to count what is needed, which takes memory itself, is worth it.
  bool is_hopeless() const {
    return is_exceeded_ && bytes_held_ + bytes_taken_ > kHopeless * bytes_max_;
  }

  // RESOURCE_EXHAUSTED, with what there is and what `version` needs.
  absl::Status Refusal(DatasetVersion version) const;

 private:
  static constexpr int64_t kHopeless = 4;

  int64_t bytes_held() const;
  bool IsShort() const { return bytes_held() + bytes_taken_ > bytes_max_; }

  const int64_t bytes_max_;
  const int64_t bytes_held_;
  RetiredBooks* const retired_;
  std::atomic<int64_t> bytes_taken_ = 0;
  std::atomic<bool> is_exceeded_ = false;
};

}  // namespace fairway
