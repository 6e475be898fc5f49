#include "services/query/parse_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/page_token.h"
#include "services/query/parse_consistency.h"

namespace fairway::query {
namespace {

absl::StatusOr<int64_t> ParseMinPriceCount(int32_t count) {
  if (count == 0) return limits::kMinPriceCount;
  if (count >= limits::kMinPriceCount && count <= limits::kMinPriceCountMax) return count;
  return InvalidRequestError("min_price_count",
                             absl::StrCat(count, " is not within ", limits::kMinPriceCount, "..",
                                          limits::kMinPriceCountMax));
}

// RATE_STATISTIC_MIN and those that follow are in the order of kReportedPercentiles.
absl::StatusOr<StatisticSet> ParseStatistics(absl::Span<const int> values) {
  FieldErrors errors;
  StatisticSet statistics;
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t place = int64_t{values[i]} - v1::RATE_STATISTIC_MIN;
    if (place >= 0 && place < static_cast<int64_t>(statistics.size())) {
      statistics.set(static_cast<size_t>(place));
    } else {
      errors.Add(InvalidRequestError(absl::StrCat("statistics[", i, "]"),
                                     absl::StrCat(values[i], " is not a known statistic")));
    }
  }
  RETURN_IF_ERROR(errors.status());
  return statistics;
}

// Of the fields of RateFields those that hold for all lanes.
RateOptions ParseOptions(const RateFields& request, FieldErrors& errors) {
  RateOptions options;
  errors.SetOrAdd(ParseDayRange(request.first_date, request.last_date), options.days);
  errors.SetOrAdd(ParseMinPriceCount(request.min_price_count), options.min_price_count);
  errors.SetOrAdd(ParseStatistics(request.statistics), options.statistics);
  return options;
}

template <typename Request>
RateFields OptionsOf(const Request& request) {
  return {.first_date = request.first_date(),
          .last_date = request.last_date(),
          .min_price_count = request.min_price_count(),
          .statistics = request.statistics()};
}

// `path`: where the lane stands in the request: "", or "lanes[3].".
absl::StatusOr<NamedLane> ParseLane(absl::string_view path, absl::string_view origin,
                                    absl::string_view destination) {
  auto from = LocationCode::Parse("origin", origin);
  auto to = LocationCode::Parse("destination", destination);
  if (from.ok() && to.ok()) return NamedLane{*std::move(from), *std::move(to)};
  FieldErrors errors;
  errors.Add(LocationCode::Parse(absl::StrCat(path, "origin"), origin).status());
  errors.Add(LocationCode::Parse(absl::StrCat(path, "destination"), destination).status());
  return errors.status();
}

absl::StatusOr<NamedLane> ParseListedLane(int place, const v1::Lane& lane) {
  return ParseLane(absl::StrCat("lanes[", place, "]."), lane.origin(), lane.destination());
}

absl::Status CheckLaneCount(int lanes) {
  if (lanes == 0) return InvalidRequestError("lanes", "at least one lane is expected");
  return lanes > limits::kQueryLanesMax ? TooManyLanesError(lanes) : absl::OkStatus();
}

// `consistency`: what the request says of it, parsed.
absl::StatusOr<RateRequest> ParseRateRequest(const RateFields& request,
                                             absl::StatusOr<Consistency> consistency) {
  FieldErrors errors;
  auto lane = ParseLane("", request.origin, request.destination);
  errors.Add(lane.status());
  const RateOptions options = ParseOptions(request, errors);
  errors.Add(consistency.status());
  RETURN_IF_ERROR(errors.status());
  return RateRequest{
      .lane = *std::move(lane), .options = options, .consistency = *std::move(consistency)};
}

}  // namespace

absl::StatusOr<RateRequest> ParseRateRequest(const RateFields& request) {
  return ParseRateRequest(request, NewestHeld());
}

absl::StatusOr<RateRequest> ParseRateRequest(const v1::GetDailyRatesRequest& request) {
  RateFields fields = OptionsOf(request);
  fields.origin = request.origin();
  fields.destination = request.destination();
  return ParseRateRequest(fields, ParseConsistency(request.consistency()));
}

absl::StatusOr<RateBatchRequest> ParseRateBatchRequest(
    const v1::BatchGetDailyRatesRequest& request) {
  RateBatchRequest batch{.return_partial_success = request.return_partial_success()};
  FieldErrors errors;
  // First, because lanes may fill the list of errors.
  batch.options = ParseOptions(OptionsOf(request), errors);
  errors.SetOrAdd(ParseConsistency(request.consistency()), batch.consistency);
  errors.Add(CheckLaneCount(request.lanes_size()));
  batch.lanes.reserve(static_cast<size_t>(request.lanes_size()));
  batch.lane_texts.reserve(batch.lanes.capacity());
  for (int i = 0; i < request.lanes_size(); ++i) {
    const v1::Lane& lane = request.lanes(i);
    batch.lanes.push_back(ParseListedLane(i, lane));
    batch.lane_texts.push_back({lane.origin(), lane.destination()});
    if (!batch.return_partial_success) errors.Add(batch.lanes.back().status());
  }
  if (errors.empty()) errors.Add(CheckAnswerFits(batch.lanes.size(), batch.options));
  RETURN_IF_ERROR(errors.status());
  return batch;
}

absl::StatusOr<RateExportRequest> ParseRateExportRequest(
    const v1::ExportDailyRatesRequest& request) {
  RateExportRequest rate_export;
  FieldErrors errors;
  rate_export.options = ParseOptions(OptionsOf(request), errors);
  errors.SetOrAdd(ParseConsistency(request.consistency()), rate_export.consistency);
  rate_export.lanes.reserve(static_cast<size_t>(request.lanes_size()));
  for (int i = 0; i < request.lanes_size(); ++i) {
    absl::StatusOr<NamedLane> lane = ParseListedLane(i, request.lanes(i));
    errors.Add(lane.status());
    if (lane.ok()) rate_export.lanes.push_back(*std::move(lane));
  }
  RETURN_IF_ERROR(errors.status());
  v1::ExportDailyRatesRequest without_token = request;
  without_token.clear_resume_token();
  rate_export.fingerprint = RequestFingerprint(without_token.SerializeAsString());
  if (request.resume_token().empty()) return rate_export;
  ASSIGN_OR_RETURN(rate_export.begin,
                   ParseResumeToken(rate_export.fingerprint, request.resume_token()));
  rate_export.consistency = Exactly{rate_export.begin.version};
  return rate_export;
}

}  // namespace fairway::query
