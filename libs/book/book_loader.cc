#include "libs/book/book_loader.h"

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

}  // namespace

absl::StatusOr<std::shared_ptr<const PriceBook>> BookLoader::Load(const DatasetState& state,
                                                                  int64_t bytes_held,
                                                                  const Deadline& deadline) {
  BookBudget budget(options_.bytes_max, bytes_held, retired_);
  budget.Take(state.locations->byte_count());
  const auto nothing = std::make_shared<const PriceBook>();
  std::vector<PriceBookBuilder> parts;
  for (int i = 0; i < options_.loaders; ++i) {
    parts.emplace_back(nothing, state.locations, &budget);
  }
  std::atomic<size_t> next_port = 0;
  std::vector<absl::Status> outcomes(parts.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < parts.size(); ++i) {
    threads.emplace_back([&, i] {
      outcomes[i] = LoadPart(state, next_port, deadline, budget, parts[i]);
      if (!outcomes[i].ok()) next_port = state.locations->ports().size();  // The others end, too.
    });
  }
  for (std::thread& thread : threads) thread.join();
  PriceBookBuilder all(nothing, state.locations, &budget);
  for (size_t i = 0; i < parts.size(); ++i) {
    RETURN_IF_ERROR(outcomes[i]);
    RETURN_IF_ERROR(all.Absorb(std::move(parts[i])));
  }
  all.Supersede(bytes_held);
  return all.Finish(state.version, state.commit_time);
}

absl::Status BookLoader::LoadPart(const DatasetState& state, std::atomic<size_t>& next_port,
                                  const Deadline& deadline, const BookBudget& budget,
                                  PriceBookBuilder& part) {
  ASSIGN_OR_RETURN(const auto reader, source_.OpenReader(state.version, deadline));
  const absl::Span<const Port> ports = state.locations->ports();
  const auto add = [&](const Series& series) -> absl::Status {
    RETURN_IF_ERROR(CheckNotStopped(deadline));
    if (budget.is_hopeless()) return budget.Refusal(state.version.number);
    return part.Add(series);
  };
  for (size_t next = next_port++; next < ports.size(); next = next_port++) {
    RETURN_IF_ERROR(reader->ReadOrigin(state.version.number, ports[next].id, add));
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
  PriceBookBuilder builder(book, changes.state.locations, &budget);
  const auto check = [&]() -> absl::Status {
    // A batch may come back to a lane that was dropped.
    if (budget.is_exceeded()) return budget.Refusal(changes.state.version.number);
    return CheckNotStopped(deadline);
  };
  if (changes.has_batches()) {
    ASSIGN_OR_RETURN(const auto reader, source_.OpenReader(changes.state.version, deadline));
    for (const int64_t batch : changes.added_batches) {
      RETURN_IF_ERROR(reader->ReadBatch(batch, [&](const Series& series) -> absl::Status {
        RETURN_IF_ERROR(check());
        return builder.Add(series);
      }));
    }
    for (const int64_t batch : changes.removed_batches) {
      RETURN_IF_ERROR(reader->ReadBatch(batch, [&](const Series& series) -> absl::Status {
        RETURN_IF_ERROR(check());
        return builder.Remove(series);
      }));
    }
  }
  return builder.Finish(changes.state.version, changes.state.commit_time);
}

}  // namespace fairway
