#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/book/price_book.h"
#include "libs/book/price_book_builder.h"
#include "libs/book/retired_books.h"
#include "libs/storage/dataset_source.h"

namespace fairway {

// How books are made.
struct BookOptions {
  // Of PriceBook::byte_count(), for the book that answers, the one that is made beside it and what
  // those that were replaced keep, together; 0: no bound.
  int64_t bytes_max = 0;
  int loaders = 2;  // Threads that load a whole book side by side.
};

// Makes books from what a source holds. CANCELLED once the stop of a deadline is requested. Borrows
// the source. One thread at a time.
class BookLoader {
 public:
  // `retired` (null: none): books that were replaced and take memory still.
  BookLoader(DatasetSource* source, const BookOptions& options, RetiredBooks* retired = nullptr)
      : source_(*source), options_(options), retired_(retired) {}

  // The book of `state`, from nothing: every loader takes one port of origin after the other.
  // RESOURCE_EXHAUSTED beyond bytes_max, with what it needs; the source's errors.
  absl::StatusOr<std::shared_ptr<const PriceBook>> Load(const DatasetState& state,
                                                        const Deadline& deadline) {
    return Load(state, /*bytes_held=*/0, deadline);
  }

  // The book after `changes`, which were read since `book`. Loads a new one where they do not lead
  // from the one to the other. The same errors, RESOURCE_EXHAUSTED with what it needs at least.
  absl::StatusOr<std::shared_ptr<const PriceBook>> Update(
      const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
      const Deadline& deadline);

 private:
  absl::StatusOr<std::shared_ptr<const PriceBook>> Load(const DatasetState& state,
                                                        int64_t bytes_held,
                                                        const Deadline& deadline);
  absl::Status LoadPart(const DatasetState& state, std::atomic<size_t>& next_port,
                        const Deadline& deadline, const BookBudget& budget, PriceBookBuilder& part);
  absl::StatusOr<std::shared_ptr<const PriceBook>> Apply(
      const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
      const Deadline& deadline);

  DatasetSource& source_;
  const BookOptions options_;
  RetiredBooks* const retired_;
};

}  // namespace fairway
