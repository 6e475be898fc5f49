#include "services/query/write_replies.h"

#include <google/protobuf/util/time_util.h>

#include "libs/rpc/proto_time.h"

namespace fairway::query {
namespace {

v1::Commit::Kind ToProto(CommitKind kind) {
  switch (kind) {
    case CommitKind::kCommit:
      return v1::Commit::KIND_COMMIT;
    case CommitKind::kRevert:
      return v1::Commit::KIND_REVERT;
    case CommitKind::kLocations:
      break;
  }
  return v1::Commit::KIND_LOCATIONS;
}

}  // namespace

void ToProto(const CommitWatch::Notice& notice, v1::WatchCommitsResponse& out) {
  out.set_version(notice.version.number);
  out.set_version_id(notice.version.identity);
  if (!notice.commit) return;
  v1::Commit& commit = *out.mutable_commit();
  commit.set_version(notice.commit->version.number);
  commit.set_kind(ToProto(notice.commit->kind));
  rpc::WriteTime(notice.commit->time, *commit.mutable_commit_time());
  if (!notice.commit->batch) return;
  const BatchRecord& batch = *notice.commit->batch;
  commit.set_partner(batch.key.partner);
  commit.set_batch_id(batch.key.batch_id);
  commit.set_label(batch.label);
  commit.set_row_count(batch.content.row_count);
  commit.set_lane_count(batch.content.lane_count);
  if (batch.content.days) {
    commit.set_first_date(FormatDay(batch.content.days->first));
    commit.set_last_date(FormatDay(batch.content.days->last));
  }
  for (const TouchedLane& lane : notice.commit->lanes) {
    v1::Lane& touched = *commit.add_lanes();
    touched.set_origin(lane.origin.ToString());
    touched.set_destination(lane.destination.ToString());
  }
}

void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out) {
  out.set_newest_version(dataset.newest_version.number);
  out.set_newest_version_id(dataset.newest_version.identity);
  if (dataset.newest_commit_time) {
    rpc::WriteTime(*dataset.newest_commit_time, *out.mutable_newest_commit_time());
  }
  out.set_held_version(dataset.held_version.number);
  out.set_held_version_id(dataset.held_version.identity);
  *out.mutable_lag() = google::protobuf::util::TimeUtil::MillisecondsToDuration(
      absl::ToInt64Milliseconds(dataset.lag));
  out.set_price_count(dataset.price_count);
  out.set_lane_count(dataset.lane_count);
  out.set_port_count(dataset.port_count);
  out.set_region_count(dataset.region_count);
  out.set_memory_bytes(dataset.memory_bytes);
  out.set_engine(dataset.engine);
}

void ToProto(const LocationView& location, v1::Location& out) {
  out.set_code(location.code);
  out.set_name(location.name);
  out.set_kind(location.is_port ? v1::LOCATION_KIND_PORT : v1::LOCATION_KIND_REGION);
  out.set_parent(location.parent);
  out.mutable_ancestors()->Assign(location.ancestors.begin(), location.ancestors.end());
  out.set_port_count(location.port_count);
}

}  // namespace fairway::query
