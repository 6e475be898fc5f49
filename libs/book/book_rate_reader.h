#pragma once

#include "libs/base/deadline.h"
#include "libs/book/held_book.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// RateReader over the book that is held. What it cannot answer (an older version, one that has not
// arrived or takes too much memory, a book not loaded yet) the reader of what is stored answers.
// Borrows both. Thread-safe.
class BookRateReader final : public RateReader {
 public:
  BookRateReader(const HeldBook* held, RateReader* stored) : held_(*held), stored_(*stored) {}

  std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency& consistency) override;
  absl::Duration Lag() const override { return held_.Lag(); }
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency& consistency,
                                                               const Deadline& deadline) override;
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override;

 private:
  const HeldBook& held_;
  RateReader& stored_;
};

}  // namespace fairway
