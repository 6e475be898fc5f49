#include "services/query/export_daily_rates.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/page_token.h"
#include "libs/domain/region_slug.h"

namespace fairway::query {
namespace {

// More versions than there can be, and far from where the numbers of a database end.
constexpr DatasetVersion kVersionMax = DatasetVersion{1} << 53;

absl::StatusOr<ExportCursor> ReadToken(const ExportQuery& query) {
  ASSIGN_OR_RETURN(const std::string text, ReadPageToken(query.fingerprint, query.resume_token));
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  ExportCursor cursor;
  Lane last;
  int64_t lanes_told = 0;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &cursor.version.number) ||
      !absl::SimpleAtoi(parts[1], &cursor.version.identity) ||
      !absl::SimpleAtoi(parts[2], &lanes_told) || !absl::SimpleAtoi(parts[3], &last.origin) ||
      !absl::SimpleAtoi(parts[4], &last.destination) || cursor.version.number < 0 ||
      cursor.version.number > kVersionMax || lanes_told < 0 || last.origin < 0 ||
      last.destination < 0) {
    return InvalidPageTokenError();
  }
  cursor.lanes_told = static_cast<size_t>(lanes_told);
  if (last != Lane{0, 0}) cursor.last_lane = last;
  return cursor;
}

}  // namespace

absl::StatusOr<Consistency> RequiredConsistency(const ExportQuery& query) {
  if (query.resume_token.empty()) return query.consistency;
  ASSIGN_OR_RETURN(const ExportCursor cursor, ReadToken(query));
  return Exactly{cursor.version};
}

RateExport::RateExport(ExportQuery query, const Consistency& required, RateReader* rates)
    : query_(std::move(query)), required_(required), rates_(*rates) {
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
  if (!query_.resume_token.empty()) {
    ASSIGN_OR_RETURN(cursor_, ReadToken(query_));
  }
  cursor_.version = snapshot.version_id();
  required_ = Exactly{cursor_.version};
  ASSIGN_OR_RETURN(terms_, CheckTerms(query_.terms));
  for (size_t i = 0; i < query_.lanes.size(); ++i) {
    const NamedLane& lane = query_.lanes[i];
    RETURN_IF_ERROR(CheckLocationForm(absl::StrCat("lanes[", i, "].origin"), lane.origin));
    RETURN_IF_ERROR(
        CheckLocationForm(absl::StrCat("lanes[", i, "].destination"), lane.destination));
    RETURN_IF_ERROR(snapshot.locations().PortsOf(lane.origin).status());
    RETURN_IF_ERROR(snapshot.locations().PortsOf(lane.destination).status());
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
    ASSIGN_OR_RETURN(LaneAnswer answer, GetLaneRates(*snapshot, "", lane, terms_, deadline));
    part.lanes.emplace_back(std::move(lane), std::move(answer));
  }
  part.resume_token = MakeToken();
  return part;
}

// As many as fit a message, and the cursor behind them.
absl::StatusOr<std::vector<NamedLane>> RateExport::NextLanes(const RateSnapshot& snapshot,
                                                             const Deadline& deadline) {
  const int count = std::max(1, limits::kExportMessageDays / terms_.days.size());
  std::vector<NamedLane> lanes;
  if (!query_.lanes.empty()) {
    const size_t begin = std::min(cursor_.lanes_told, query_.lanes.size());
    const size_t end = std::min(begin + static_cast<size_t>(count), query_.lanes.size());
    lanes.assign(query_.lanes.begin() + static_cast<std::ptrdiff_t>(begin),
                 query_.lanes.begin() + static_cast<std::ptrdiff_t>(end));
    cursor_.lanes_told = end;
    return lanes;
  }
  ASSIGN_OR_RETURN(const std::vector<Lane> found,
                   snapshot.ListLanes(cursor_.last_lane, count, deadline));
  for (const Lane& lane : found) {
    const Port* origin = snapshot.locations().FindPort(lane.origin);
    const Port* destination = snapshot.locations().FindPort(lane.destination);
    if (origin == nullptr || destination == nullptr) {
      return absl::InternalError("a lane of ports that are not in the tree");
    }
    lanes.push_back({origin->code.ToString(), destination->code.ToString()});
  }
  if (!found.empty()) cursor_.last_lane = found.back();
  return lanes;
}

std::string RateExport::MakeToken() const {
  const Lane last = cursor_.last_lane.value_or(Lane{0, 0});
  return MakePageToken(query_.fingerprint,
                       absl::StrCat(cursor_.version.number, " ", cursor_.version.identity, " ",
                                    cursor_.lanes_told, " ", last.origin, " ", last.destination));
}

}  // namespace fairway::query
