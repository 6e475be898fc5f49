#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "libs/book/price_book.h"

namespace fairway {

// Books that were replaced, kept while they are read or leased, and the memory they take. They are
// freed here and not by the last query, because that can take milliseconds. Thread-safe.
class RetiredBooks {
 public:
  // `bytes`: the memory that is freed with the book, or soon after it.
  void Add(std::shared_ptr<const PriceBook> book, int64_t bytes);

  // Frees the books that are neither read nor leased.
  void FreeUnused() { Free(/*leased_too=*/false); }
  // Frees the books that are not read at this moment, leased or not.
  void FreeLeased() { Free(/*leased_too=*/true); }

  // Of all books that are still kept.
  int64_t bytes() const;

 private:
  struct Retired {
    std::shared_ptr<const PriceBook> book;
    int64_t bytes;
  };

  void Free(bool leased_too);

  mutable std::mutex mutex_;
  std::vector<Retired> books_ ABSL_GUARDED_BY(mutex_);
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fairway
