#include "services/query/export_daily_rates.h"

#include <utility>
#include <vector>

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

absl::Status RateExport::Next(const Deadline& deadline, AddLane add) {
  ASSIGN_OR_RETURN(const auto snapshot, TakeSnapshot(deadline));
  if (!is_open_) RETURN_IF_ERROR(Open(*snapshot));
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    if (!next_) {
      ASSIGN_OR_RETURN(next_, ReadNext(*snapshot, deadline));
    }
    if (!next_ || !add(next_->lane, next_->answer)) return absl::OkStatus();
    PassNext();
  }
}

absl::StatusOr<std::optional<RateExport::LaneRates>> RateExport::ReadNext(
    const RateSnapshot& snapshot, const Deadline& deadline) {
  ASSIGN_OR_RETURN(std::optional<NamedLane> lane, NameNext(snapshot, deadline));
  if (!lane) return std::nullopt;
  ASSIGN_OR_RETURN(LaneAnswer answer, GetDailyRates(snapshot, *lane, request_.options, deadline));
  return LaneRates{*std::move(lane), std::move(answer)};
}

absl::StatusOr<std::optional<NamedLane>> RateExport::NameNext(const RateSnapshot& snapshot,
                                                              const Deadline& deadline) {
  if (!request_.lanes.empty()) {
    if (cursor_.lanes_sent >= request_.lanes.size()) return std::nullopt;
    return request_.lanes[cursor_.lanes_sent];
  }
  if (listed_.empty() && lists_more_) {
    ASSIGN_OR_RETURN(const std::vector<Lane> found,
                     snapshot.ListLanes(cursor_.last_lane, limits::kExportListedLanes, deadline));
    listed_.assign(found.begin(), found.end());
    lists_more_ = listed_.size() == limits::kExportListedLanes;
  }
  if (listed_.empty()) return std::nullopt;
  return NameLane(snapshot.locations(), listed_.front());
}

void RateExport::PassNext() {
  next_.reset();
  if (!request_.lanes.empty()) {
    ++cursor_.lanes_sent;
    return;
  }
  cursor_.last_lane = listed_.front();
  listed_.pop_front();
}

}  // namespace fairway::query
