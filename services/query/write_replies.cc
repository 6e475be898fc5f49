#include "services/query/write_replies.h"

#include <google/protobuf/util/time_util.h>

#include <array>

#include "libs/rpc/proto_time.h"
#include "libs/rpc/status.h"

namespace fairway::query {
namespace {

v1::Availability ToProto(Availability availability) {
  switch (availability) {
    case Availability::kPublished:
      return v1::AVAILABILITY_PUBLISHED;
    case Availability::kTooFewPrices:
      return v1::AVAILABILITY_TOO_FEW_PRICES;
    case Availability::kNoPrices:
      break;
  }
  return v1::AVAILABILITY_NO_PRICES;
}

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

void SetPercentiles(const Percentiles& percentiles, const StatisticSet& wanted,
                    v1::DailyRate& out) {
  using Setter = void (v1::DailyRate::*)(double);
  constexpr std::array<Setter, kReportedPercentiles.size()> kSetters = {
      &v1::DailyRate::set_min,    &v1::DailyRate::set_p10, &v1::DailyRate::set_p25,
      &v1::DailyRate::set_median, &v1::DailyRate::set_p75, &v1::DailyRate::set_p90,
      &v1::DailyRate::set_max};
  for (size_t i = 0; i < percentiles.size(); ++i) {
    if (wanted[i]) (out.*kSetters[i])(percentiles[i]);
  }
}

void SetRates(const LaneAnswer& answer, google::protobuf::RepeatedPtrField<v1::DailyRate>& out) {
  const DailyRates& rates = answer.rates;
  out.Reserve(static_cast<int>(rates.days.size()));
  for (size_t i = 0; i < rates.days.size(); ++i) {
    const DailyRate& rate = rates.days[i];
    v1::DailyRate* day = out.Add();
    const Availability availability = rate.availability(answer.min_price_count);
    day->set_day(FormatDay(rate.day));
    day->set_price_count(rate.price_count);
    day->set_availability(ToProto(availability));
    if (availability != Availability::kPublished) continue;
    day->set_average(rate.average());
    if (answer.statistics.any()) SetPercentiles(rates.percentiles[i], answer.statistics, *day);
  }
}

}  // namespace

void ToProto(const LaneAnswer& answer, v1::GetDailyRatesResponse& out) {
  out.set_dataset_version(answer.rates.version.number);
  out.set_dataset_version_id(answer.rates.version.identity);
  SetRates(answer, *out.mutable_rates());
}

void ToProto(const v1::Lane& lane, const absl::StatusOr<LaneAnswer>& answer,
             absl::string_view request_id, v1::LaneRates& out) {
  *out.mutable_lane() = lane;
  if (answer.ok()) {
    SetRates(*answer, *out.mutable_rates());
    return;
  }
  *out.mutable_status() = rpc::ToRpcStatus(answer.status(), request_id);
}

void ToProto(const RateExport::Part& part, const VersionId& version,
             v1::ExportDailyRatesResponse& out) {
  out.set_dataset_version(version.number);
  out.set_dataset_version_id(version.identity);
  out.set_resume_token(part.resume_token);
  for (const auto& [lane, answer] : part.lanes) {
    v1::LaneRates* rates = out.add_lanes();
    rates->mutable_lane()->set_origin(lane.origin.text());
    rates->mutable_lane()->set_destination(lane.destination.text());
    SetRates(answer, *rates->mutable_rates());
  }
}

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
