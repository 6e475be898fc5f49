#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "libs/book/price_book.h"

namespace fairway {

// Books that were replaced, kept while somebody reads them or has leased them, and what that takes.
// They are freed here: that can take milliseconds, which a query has not got. Thread-safe.
class RetiredBooks {
 public:
  // `bytes`: what goes with the book, or soon after it.
  void Add(std::shared_ptr<const PriceBook> book, int64_t bytes);

  // Frees what nobody reads and nobody has leased.
  void FreeUnused() { Free(/*leased_too=*/false); }
  // Frees what nobody reads at this moment: whoever has leased it finds it gone.
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
