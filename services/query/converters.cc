#include "services/query/converters.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"

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

absl::StatusOr<DatasetVersion> ReadConsistency(const v1::Consistency& consistency) {
  switch (consistency.requirement_case()) {
    case v1::Consistency::kAtLeast:
      return consistency.at_least();
    case v1::Consistency::kExact:
      return NotImplementedError("consistency.exact");
    case v1::Consistency::kMaxStaleness:
      return NotImplementedError("consistency.max_staleness");
    case v1::Consistency::REQUIREMENT_NOT_SET:
      break;
  }
  return 0;
}

}  // namespace

absl::StatusOr<DailyRatesQuery> FromProto(const v1::GetDailyRatesRequest& request) {
  if (!request.statistics().empty()) return NotImplementedError("statistics");
  ASSIGN_OR_RETURN(const DatasetVersion at_least, ReadConsistency(request.consistency()));
  return DailyRatesQuery{.origin = request.origin(),
                         .destination = request.destination(),
                         .first_date = request.first_date(),
                         .last_date = request.last_date(),
                         .min_price_count = request.min_price_count(),
                         .at_least = at_least};
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

void ToProto(const DailyRatesAnswer& answer, v1::GetDailyRatesResponse& out) {
  out.set_dataset_version(answer.rates.version);
  out.mutable_rates()->Reserve(static_cast<int>(answer.rates.days.size()));
  for (const DailyRate& rate : answer.rates.days) {
    v1::DailyRate* day = out.add_rates();
    const Availability availability = rate.availability(answer.min_price_count);
    day->set_day(FormatDay(rate.day));
    day->set_price_count(rate.price_count);
    day->set_availability(ToProto(availability));
    if (availability == Availability::kPublished) day->set_average(rate.average());
  }
}

void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out) {
  out.set_newest_version(dataset.newest_version);
  if (dataset.newest_commit_time) {
    const int64_t micros = absl::ToUnixMicros(*dataset.newest_commit_time);
    out.mutable_newest_commit_time()->set_seconds(micros / 1'000'000);
    out.mutable_newest_commit_time()->set_nanos(static_cast<int>(micros % 1'000'000) * 1000);
  }
  out.set_held_version(dataset.held_version);
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
