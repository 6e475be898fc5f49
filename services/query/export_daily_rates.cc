#include "services/query/export_daily_rates.h"

#include <algorithm>

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"

namespace fairway::query {
namespace {

// The lane as requests name it. INTERNAL when the tree lacks one of its ports.
absl::StatusOr<NamedLane> NameLane(const LocationTree& tree, const Lane& lane) {
  const Port* origin = tree.FindPort(lane.origin);
  const Port* destination = tree.FindPort(lane.destination);
  if (origin == nullptr || destination == nullptr) {
    return absl::InternalError("a lane of ports that are not in the tree");
  }
  return NamedLane{LocationCode(origin->code), LocationCode(destination->code)};
}

}  // namespace

RateExport::RateExport(RateExportRequest request, RateReader* rates)
    : request_(std::move(request)),
      required_(request_.consistency),
      rates_(*rates),
      cursor_(request_.begin) {
  const auto held = rates_.TrySnapshot(required_);
  if (held == nullptr) return;
  required_ = Exactly{held->version_id()};  // Should it go before the first part.
  snapshot_.Keep(held);
}

absl::StatusOr<std::shared_ptr<const RateSnapshot>> RateExport::TakeSnapshot(
    const Deadline& deadline) {
  auto snapshot = snapshot_.Get();
  if (snapshot != nullptr) return snapshot;
  ASSIGN_OR_RETURN(snapshot, rates_.Snapshot(required_, deadline));
  snapshot_.Keep(snapshot);
  return snapshot;
}

absl::Status RateExport::Open(const RateSnapshot& snapshot) {
  cursor_.version = snapshot.version_id();
  required_ = Exactly{cursor_.version};
  for (const NamedLane& lane : request_.lanes) {
    RETURN_IF_ERROR(snapshot.locations().PortsOf(lane.origin.text()).status());
    RETURN_IF_ERROR(snapshot.locations().PortsOf(lane.destination.text()).status());
  }
  is_open_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RateExport::Part>> RateExport::Next(const Deadline& deadline) {
  ASSIGN_OR_RETURN(const auto snapshot, TakeSnapshot(deadline));
  if (!is_open_) RETURN_IF_ERROR(Open(*snapshot));
  ASSIGN_OR_RETURN(std::vector<NamedLane> lanes, NextLanes(*snapshot, deadline));
  if (lanes.empty()) return std::nullopt;
  Part part;
  for (NamedLane& lane : lanes) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(LaneAnswer answer, GetDailyRates(*snapshot, lane, request_.options, deadline));
    part.lanes.emplace_back(std::move(lane), std::move(answer));
  }
  part.resume_token = FormatResumeToken(request_.fingerprint, cursor_);
  return part;
}

// As many as fit a message; moves the cursor behind them.
absl::StatusOr<std::vector<NamedLane>> RateExport::NextLanes(const RateSnapshot& snapshot,
                                                             const Deadline& deadline) {
  const int count = std::max(1, limits::kExportMessageDays / request_.options.days.size());
  if (!request_.lanes.empty()) return NextRequestedLanes(static_cast<size_t>(count));
  ASSIGN_OR_RETURN(const std::vector<Lane> found,
                   snapshot.ListLanes(cursor_.last_lane, count, deadline));
  std::vector<NamedLane> lanes;
  for (const Lane& lane : found) {
    ASSIGN_OR_RETURN(NamedLane named, NameLane(snapshot.locations(), lane));
    lanes.push_back(std::move(named));
  }
  if (!found.empty()) cursor_.last_lane = found.back();
  return lanes;
}

std::vector<NamedLane> RateExport::NextRequestedLanes(size_t count) {
  const size_t begin = std::min(cursor_.lanes_sent, request_.lanes.size());
  const size_t end = std::min(begin + count, request_.lanes.size());
  cursor_.lanes_sent = end;
  return {request_.lanes.begin() + static_cast<std::ptrdiff_t>(begin),
          request_.lanes.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace fairway::query
