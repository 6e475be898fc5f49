#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/storage/rate_reader.h"
#include "services/query/batch_get_daily_rates.h"
#include "services/query/describe_location.h"
#include "services/query/export_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/list_locations.h"
#include "services/query/watch_commits.h"

// Between the messages of the contract and the types of the domain. Nothing else knows both.
namespace fairway::query {

// INVALID_REQUEST for a version or duration below zero, or an identity without a version.
absl::StatusOr<Consistency> FromProto(const v1::Consistency& consistency);
// INVALID_REQUEST for a version below zero.
absl::StatusOr<VersionId> FromProto(const v1::WatchCommitsRequest& request);
// INVALID_REQUEST for a statistic that there is not.
absl::StatusOr<RateTerms> TermsFromProto(const v1::GetDailyRatesRequest& request);
absl::StatusOr<DailyRatesBatch> FromProto(const v1::BatchGetDailyRatesRequest& request);
absl::StatusOr<ExportQuery> FromProto(const v1::ExportDailyRatesRequest& request);
// INVALID_FILTER.
absl::StatusOr<ListLocationsQuery> FromProto(const v1::ListLocationsRequest& request);

void ToProto(const LaneAnswer& answer, v1::GetDailyRatesResponse& out);
// The status of a lane that failed is told as the whole call's would be.
void ToProto(const v1::Lane& lane, const absl::StatusOr<LaneAnswer>& answer,
             absl::string_view request_id, v1::LaneRates& out);
void ToProto(const RateExport::Part& part, const VersionId& version,
             v1::ExportDailyRatesResponse& out);
void ToProto(const CommitWatch::Notice& notice, v1::WatchCommitsResponse& out);
void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out);
void ToProto(const LocationView& location, v1::Location& out);

}  // namespace fairway::query
