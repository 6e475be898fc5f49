#include "libs/book/book_rate_reader.h"

#include <variant>

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

// Whether `book` is as fresh as is asked for.
struct Satisfies {
  const PriceBook& book;
  const HeldBook& held;

  bool Is(const VersionId& asked) const {
    return book.version() == asked.number &&
           (asked.identity == 0 || asked.identity == book.version_id().identity);
  }
  bool operator()(const NewestHeld&) const { return !held.is_over_budget(); }
  // Of the versions before its own a book has the numbers only.
  bool operator()(const AtLeast& asked) const {
    return !held.is_over_budget() &&
           (Is(asked.version) ||
            (asked.version.identity == 0 && book.version() >= asked.version.number));
  }
  bool operator()(const Exactly& asked) const { return Is(asked.version); }
  bool operator()(const MaxStaleness& asked) const {
    return !held.is_over_budget() && held.Age() <= asked.duration;
  }
};

}  // namespace

std::shared_ptr<const RateSnapshot> BookRateReader::TrySnapshot(const Consistency& consistency) {
  std::shared_ptr<const PriceBook> book = held_.book();
  if (book == nullptr || !std::visit(Satisfies{*book, held_}, consistency)) return nullptr;
  return book;
}

absl::StatusOr<std::shared_ptr<const RateSnapshot>> BookRateReader::Snapshot(
    const Consistency& consistency, const Deadline& deadline) {
  if (auto snapshot = TrySnapshot(consistency)) return snapshot;
  return stored_.Snapshot(consistency, deadline);
}

absl::StatusOr<DatasetSummary> BookRateReader::ReadDataset(const Deadline& deadline) {
  const std::shared_ptr<const PriceBook> book = held_.book();
  if (held_.is_over_budget()) {
    ASSIGN_OR_RETURN(DatasetSummary summary, stored_.ReadDataset(deadline));
    summary.engine = "sql (the book exceeds --book-bytes-max)";
    summary.memory_bytes = book == nullptr ? 0 : book->byte_count();
    return summary;
  }
  if (book == nullptr) {
    ASSIGN_OR_RETURN(DatasetSummary summary, stored_.ReadDataset(deadline));
    summary.engine = "sql (the book is being loaded)";
    return summary;
  }
  const HeldBook::Newest newest = held_.newest();
  return DatasetSummary{.newest_version = newest.version,
                        .newest_commit_time = newest.commit_time,
                        .held_version = book->version_id(),
                        .lag = held_.Lag(),
                        .price_count = book->price_count(),
                        .lane_count = book->lane_count(),
                        .port_count = static_cast<int64_t>(book->locations().ports().size()),
                        .region_count = static_cast<int64_t>(book->locations().regions().size()),
                        .memory_bytes = book->byte_count(),
                        .engine = "memory"};
}

}  // namespace fairway
