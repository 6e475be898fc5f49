#include "libs/book/retired_books.h"

#include <utility>

namespace fairway {

void RetiredBooks::Add(std::shared_ptr<const PriceBook> book, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ += bytes;
  books_.push_back({std::move(book), bytes});
}

int64_t RetiredBooks::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void RetiredBooks::Free(bool leased_too) {
  const std::lock_guard lock(mutex_);
  Retired* older = nullptr;  // The last one that is kept.
  std::vector<Retired> kept;
  kept.reserve(books_.size());
  for (Retired& retired : books_) {
    const bool is_read = retired.book.use_count() > 1;
    if (is_read || (retired.book->is_leased() && !leased_too)) {
      kept.push_back(std::move(retired));
      older = &kept.back();
    } else if (older != nullptr) {
      older->bytes += retired.bytes;  // What the two share stays.
    } else {
      bytes_ -= retired.bytes;
    }
  }
  books_ = std::move(kept);
}

}  // namespace fairway
