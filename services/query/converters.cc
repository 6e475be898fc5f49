#include "services/query/converters.h"

#include <array>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"
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

absl::StatusOr<VersionId> ReadVersion(absl::string_view field, int64_t number,
                                      VersionIdentity identity) {
  if (number < 0) return InvalidRequestError(field, "a version is not negative");
  return VersionId{number, identity};
}

// The places of RATE_STATISTIC_MIN and those that follow are those of kToldPercentiles.
absl::StatusOr<StatisticSet> ReadStatistics(const google::protobuf::RepeatedField<int>& asked) {
  StatisticSet statistics;
  for (const int statistic : asked) {
    const int place = statistic - v1::RATE_STATISTIC_MIN;
    if (place < 0 || place >= static_cast<int>(statistics.size())) {
      return InvalidRequestError("statistics", absl::StrCat("there is no statistic ", statistic));
    }
    statistics.set(static_cast<size_t>(place));
  }
  return statistics;
}

NamedLane ReadLane(const v1::Lane& lane) {
  return {.origin = lane.origin(), .destination = lane.destination()};
}

template <typename Request>
absl::StatusOr<RateTerms> ReadTerms(const Request& request) {
  ASSIGN_OR_RETURN(const StatisticSet statistics, ReadStatistics(request.statistics()));
  return RateTerms{.first_date = request.first_date(),
                   .last_date = request.last_date(),
                   .min_price_count = request.min_price_count(),
                   .statistics = statistics};
}

void SetPercentiles(const Percentiles& percentiles, const StatisticSet& wanted,
                    v1::DailyRate& out) {
  using Setter = void (v1::DailyRate::*)(double);
  constexpr std::array<Setter, kToldPercentiles.size()> kSetters = {
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

absl::StatusOr<Consistency> FromProto(const v1::Consistency& consistency) {
  const bool names_version = consistency.has_at_least() || consistency.has_exact();
  if (consistency.version_id() != 0 && !names_version) {
    return InvalidRequestError("consistency.version_id", "neither at_least nor exact is set");
  }
  switch (consistency.requirement_case()) {
    case v1::Consistency::kAtLeast: {
      ASSIGN_OR_RETURN(
          const VersionId version,
          ReadVersion("consistency.at_least", consistency.at_least(), consistency.version_id()));
      return AtLeast{version};
    }
    case v1::Consistency::kExact: {
      ASSIGN_OR_RETURN(
          const VersionId version,
          ReadVersion("consistency.exact", consistency.exact(), consistency.version_id()));
      return Exactly{version};
    }
    case v1::Consistency::kMaxStaleness: {
      absl::Duration duration;
      if (!rpc::ReadDuration(consistency.max_staleness(), duration)) {
        return InvalidRequestError("consistency.max_staleness", "not a valid duration");
      }
      if (duration < absl::ZeroDuration()) {
        return InvalidRequestError("consistency.max_staleness", "must not be negative");
      }
      return MaxStaleness{duration};
    }
    case v1::Consistency::REQUIREMENT_NOT_SET:
      break;
  }
  return NewestHeld{};
}

absl::StatusOr<VersionId> FromProto(const v1::WatchCommitsRequest& request) {
  return ReadVersion("after_version", request.after_version(), request.after_version_id());
}

absl::StatusOr<RateTerms> TermsFromProto(const v1::GetDailyRatesRequest& request) {
  return ReadTerms(request);
}

absl::StatusOr<DailyRatesBatch> FromProto(const v1::BatchGetDailyRatesRequest& request) {
  DailyRatesBatch batch{.return_partial_success = request.return_partial_success()};
  ASSIGN_OR_RETURN(batch.terms, ReadTerms(request));
  for (const v1::Lane& lane : request.lanes()) {
    batch.lanes.push_back(ReadLane(lane));
  }
  return batch;
}

absl::StatusOr<ExportQuery> FromProto(const v1::ExportDailyRatesRequest& request) {
  ExportQuery query{.resume_token = request.resume_token()};
  ASSIGN_OR_RETURN(query.terms, ReadTerms(request));
  ASSIGN_OR_RETURN(query.consistency, FromProto(request.consistency()));
  for (const v1::Lane& lane : request.lanes()) query.lanes.push_back(ReadLane(lane));
  v1::ExportDailyRatesRequest without_token = request;
  without_token.clear_resume_token();
  query.fingerprint = RequestFingerprint(without_token.SerializeAsString());
  return query;
}

absl::StatusOr<ListLocationsQuery> FromProto(const v1::ListLocationsRequest& request) {
  ListLocationsQuery query{.page_size = request.page_size(),
                           .page_token = request.page_token(),
                           .code_prefix = request.code_prefix(),
                           .region = request.region()};
  switch (request.kind()) {
    case v1::LOCATION_KIND_UNSPECIFIED:
      return query;
    case v1::LOCATION_KIND_PORT:
      query.kind = LocationFilterKind::kPorts;
      return query;
    case v1::LOCATION_KIND_REGION:
      query.kind = LocationFilterKind::kRegions;
      return query;
    default:
      return InvalidFilterError("kind", "no kind of location");
  }
}

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
  const grpc::Status status = rpc::ToGrpcStatus(answer.status(), request_id);
  out.mutable_status()->ParseFromString(status.error_details());
}

void ToProto(const RateExport::Part& part, const VersionId& version,
             v1::ExportDailyRatesResponse& out) {
  out.set_dataset_version(version.number);
  out.set_dataset_version_id(version.identity);
  out.set_resume_token(part.resume_token);
  for (const auto& [lane, answer] : part.lanes) {
    v1::LaneRates* rates = out.add_lanes();
    rates->mutable_lane()->set_origin(lane.origin);
    rates->mutable_lane()->set_destination(lane.destination);
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
    v1::Lane& told = *commit.add_lanes();
    told.set_origin(lane.origin.ToString());
    told.set_destination(lane.destination.ToString());
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
  const int64_t lag_millis = absl::ToInt64Milliseconds(dataset.lag);
  out.mutable_lag()->set_seconds(lag_millis / 1000);
  out.mutable_lag()->set_nanos(static_cast<int>(lag_millis % 1000) * 1'000'000);
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
