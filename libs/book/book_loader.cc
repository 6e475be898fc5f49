#include "libs/book/book_loader.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

// Checked for each series; the source checks the time.
absl::Status CheckNotStopped(const Deadline& deadline) {
  return deadline.cancelled() ? absl::CancelledError("stopped") : absl::OkStatus();
}

// So many that the parts end at about the same time.
constexpr size_t kPiecesPerPart = 16;

// One for each loader that has something to read.
std::vector<PriceBookBuilder> MakeParts(int loaders, size_t pieces,
                                        const std::shared_ptr<const PriceBook>& base,
                                        const std::shared_ptr<const LocationTree>& locations,
                                        BookBudget& budget) {
  std::vector<PriceBookBuilder> parts;
  const auto count = std::clamp(pieces, size_t{1}, static_cast<size_t>(loaders));
  for (size_t i = 0; i < count; ++i) parts.emplace_back(base, locations, &budget);
  return parts;
}

// Up to `count` ranges with about as many ports each, which together cover all numbers: a port that
// is not in the tree must be noticed.
std::vector<OriginRange> SplitOrigins(const LocationTree& locations, size_t count) {
  std::vector<PortId> ids;
  for (const Port& port : locations.ports()) ids.push_back(port.id);
  std::sort(ids.begin(), ids.end());
  std::vector<OriginRange> ranges(1);
  for (size_t i = 1; i < std::min(count, ids.size()); ++i) {
    const PortId first = ids[i * ids.size() / std::min(count, ids.size())];
    ranges.back().last = first - 1;
    ranges.push_back({.first = first});
  }
  return ranges;
}

// What `changes` did to the lanes from these ports.
absl::Status ApplyPiece(const DatasetChanges& changes, const OriginRange& origins,
                        const Deadline& deadline, const BookBudget& budget, SeriesReader& reader,
                        PriceBookBuilder& part) {
  const auto check = [&]() -> absl::Status {
    // A batch may come back to a lane that was dropped.
    if (budget.is_exceeded()) return budget.Refusal(changes.state.version.number);
    return CheckNotStopped(deadline);
  };
  for (const int64_t batch : changes.added_batches) {
    RETURN_IF_ERROR(reader.ReadBatch(batch, origins, [&](const Series& series) -> absl::Status {
      RETURN_IF_ERROR(check());
      return part.Add(series);
    }));
  }
  for (const int64_t batch : changes.removed_batches) {
    RETURN_IF_ERROR(reader.ReadBatch(batch, origins, [&](const Series& series) -> absl::Status {
      RETURN_IF_ERROR(check());
      return part.Remove(series);
    }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PriceBook>> BookLoader::Load(const DatasetState& state,
                                                                  int64_t bytes_held,
                                                                  const Deadline& deadline) {
  BookBudget budget(options_.bytes_max, bytes_held, retired_);
  budget.Take(state.locations->byte_count());
  const absl::Span<const Port> ports = state.locations->ports();
  auto parts = MakeParts(options_.loaders, ports.size(), std::make_shared<const PriceBook>(),
                         state.locations, budget);
  const auto read = [&](size_t piece, SeriesReader& reader, PriceBookBuilder& part) {
    const auto add = [&](const Series& series) -> absl::Status {
      RETURN_IF_ERROR(CheckNotStopped(deadline));
      if (budget.is_hopeless()) return budget.Refusal(state.version.number);
      return part.Add(series);
    };
    return reader.ReadOrigin(state.version.number, ports[piece].id, add);
  };
  RETURN_IF_ERROR(ReadSideBySide(state.version, ports.size(), deadline, parts, read));
  parts.front().Supersede(bytes_held);
  return parts.front().Finish(state.version, state.commit_time);
}

absl::Status BookLoader::ReadSideBySide(const VersionId& version, size_t pieces,
                                        const Deadline& deadline,
                                        std::vector<PriceBookBuilder>& parts, ReadPiece read) {
  std::atomic<size_t> next_piece = 0;
  const auto read_some = [&](PriceBookBuilder& part) -> absl::Status {
    ASSIGN_OR_RETURN(const auto reader, source_.OpenReader(version, deadline));
    for (size_t piece = next_piece++; piece < pieces; piece = next_piece++) {
      RETURN_IF_ERROR(read(piece, *reader, part));
    }
    return absl::OkStatus();
  };
  std::vector<absl::Status> outcomes(parts.size());
  const auto run = [&](size_t part) {
    outcomes[part] = read_some(parts[part]);
    if (!outcomes[part].ok()) next_piece = pieces;  // The others end, too.
  };
  std::vector<std::thread> threads;
  for (size_t part = 1; part < parts.size(); ++part) threads.emplace_back(run, part);
  run(0);
  for (std::thread& thread : threads) thread.join();
  RETURN_IF_ERROR(outcomes[0]);
  for (size_t part = 1; part < parts.size(); ++part) {
    RETURN_IF_ERROR(outcomes[part]);
    RETURN_IF_ERROR(parts.front().Absorb(std::move(parts[part])));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PriceBook>> BookLoader::Update(
    const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
    const Deadline& deadline) {
  if (changes.continues) {
    auto updated = Apply(book, changes, deadline);
    if (!absl::IsDataLoss(updated.status())) return updated;
  }
  return Load(changes.state, book->byte_count(), deadline);
}

absl::StatusOr<std::shared_ptr<const PriceBook>> BookLoader::Apply(
    const std::shared_ptr<const PriceBook>& book, const DatasetChanges& changes,
    const Deadline& deadline) {
  BookBudget budget(options_.bytes_max, book->byte_count(), retired_);
  if (changes.state.locations != book->shared_locations()) {
    budget.Take(changes.state.locations->byte_count());
  }
  const auto batches =
      static_cast<int64_t>(changes.added_batches.size() + changes.removed_batches.size());
  const bool is_large = changes.price_count >= options_.side_by_side_min * batches;
  const int loaders = is_large ? options_.loaders : 1;
  const std::vector<OriginRange> ranges = SplitOrigins(
      *changes.state.locations, loaders == 1 ? 1 : kPiecesPerPart * static_cast<size_t>(loaders));
  auto parts = MakeParts(loaders, ranges.size(), book, changes.state.locations, budget);
  if (changes.has_batches()) {
    const auto read = [&](size_t piece, SeriesReader& reader, PriceBookBuilder& part) {
      return ApplyPiece(changes, ranges[piece], deadline, budget, reader, part);
    };
    RETURN_IF_ERROR(ReadSideBySide(changes.state.version, ranges.size(), deadline, parts, read));
  }
  return parts.front().Finish(changes.state.version, changes.state.commit_time);
}

}  // namespace fairway
