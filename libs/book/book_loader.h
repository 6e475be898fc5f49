#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
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
  // Threads that load a whole book side by side, and batches of at least `side_by_side_min` prices
  // on average: each thread asks the database for each batch several times.
  int loaders = 2;
  int64_t side_by_side_min = 2'000'000;
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
  absl::StatusOr<std::shared_ptr<const PriceBook>> Apply(
      const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
      const Deadline& deadline);

  // Reads one piece of what is wanted, which has lanes of its own.
  using ReadPiece =
      absl::FunctionRef<absl::Status(size_t piece, SeriesReader& reader, PriceBookBuilder& part)>;
  // Every part takes one of the `pieces` after the other, in a thread and with a reader of its own;
  // the first part takes over what the others gathered.
  absl::Status ReadSideBySide(const VersionId& version, size_t pieces, const Deadline& deadline,
                              std::vector<PriceBookBuilder>& parts, ReadPiece read);

  DatasetSource& source_;
  const BookOptions options_;
  RetiredBooks* const retired_;
};

}  // namespace fairway
