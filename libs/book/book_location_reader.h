#pragma once

#include "libs/base/deadline.h"
#include "libs/book/held_book.h"
#include "libs/storage/location_store.h"

namespace fairway {

// LocationReader over the book that is held; while there is none, or the newest version takes too
// much memory, what is stored is read. Borrows both. Thread-safe.
class BookLocationReader final : public LocationReader {
 public:
  BookLocationReader(const HeldBook* held, LocationReader* stored)
      : held_(*held), stored_(*stored) {}

  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline& deadline) override {
    const auto book = held_.book();
    if (book != nullptr && !held_.is_over_budget()) return book->shared_locations();
    return stored_.ReadTree(deadline);
  }

 private:
  const HeldBook& held_;
  LocationReader& stored_;
};

}  // namespace fairway
