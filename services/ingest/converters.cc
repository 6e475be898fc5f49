#include "services/ingest/converters.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/proto_time.h"

namespace fairway::ingest {
namespace {

static_assert(static_cast<int>(v1::BATCH_STATE_RECEIVING) ==
              static_cast<int>(BatchState::kReceiving) + 1);
static_assert(static_cast<int>(v1::BATCH_STATE_EXPIRED) ==
              static_cast<int>(BatchState::kExpired) + 1);
static_assert(static_cast<int>(v1::ROW_ERROR_REASON_UNKNOWN_PORT) ==
              static_cast<int>(RowErrorReason::kUnknownPort) + 1);
static_assert(static_cast<int>(v1::ROW_ERROR_REASON_NOT_UTF8) ==
              static_cast<int>(RowErrorReason::kNotUtf8) + 1);
static_assert(v1::RowErrorReason_MAX == kRowErrorReasonCount);

v1::BatchState ToProto(BatchState state) {
  return static_cast<v1::BatchState>(static_cast<int>(state) + 1);
}

v1::RowErrorReason ToProto(RowErrorReason reason) {
  return static_cast<v1::RowErrorReason>(static_cast<int>(reason) + 1);
}

absl::StatusOr<absl::Time> ReadFilterTime(absl::string_view field,
                                          const google::protobuf::Timestamp& message) {
  absl::Time time;
  if (rpc::ReadTime(message, time)) return time;
  return InvalidFilterError(field, "not a valid timestamp");
}

template <typename Counts>
void SetErrorCounts(const BatchRecord& batch, Counts& out) {
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    if (batch.error_count_by_reason[static_cast<size_t>(i)] == 0) continue;
    auto* count = out.Add();
    count->set_reason(ToProto(static_cast<RowErrorReason>(i)));
    count->set_count(batch.error_count_by_reason[static_cast<size_t>(i)]);
  }
}

}  // namespace

UploadHeader FromProto(const v1::BatchHeader& header) {
  UploadHeader read{.key = {header.partner(), header.batch_id()},
                    .label = header.label(),
                    .declared_digest = header.declared_digest(),
                    .validate_only = header.validate_only(),
                    .supersedes = header.supersedes()};
  if (header.has_declared_row_count()) read.declared_row_count = header.declared_row_count();
  return read;
}

UploadEnd FromProto(const v1::BatchEnd& end) {
  UploadEnd read{.digest = end.digest()};
  if (end.has_row_count()) read.row_count = end.row_count();
  return read;
}

absl::StatusOr<ListBatchesQuery> FromProto(const v1::ListBatchesRequest& request) {
  ListBatchesQuery query{.filter = {.partner = request.partner()},
                         .page_size = request.page_size(),
                         .page_token = request.page_token()};
  for (const int state : request.states()) {
    if (state == v1::BATCH_STATE_UNSPECIFIED || !v1::BatchState_IsValid(state)) {
      return InvalidFilterError("states", absl::StrCat(state, " is no state of a batch"));
    }
    std::vector<BatchState>& states = query.filter.states;
    const auto asked = static_cast<BatchState>(state - 1);
    if (std::find(states.begin(), states.end(), asked) == states.end()) states.push_back(asked);
  }
  if (request.has_created_from()) {
    ASSIGN_OR_RETURN(query.filter.created_from,
                     ReadFilterTime("created_from", request.created_from()));
  }
  if (request.has_created_before()) {
    ASSIGN_OR_RETURN(query.filter.created_before,
                     ReadFilterTime("created_before", request.created_before()));
  }
  return query;
}

ListBatchErrorsQuery FromProto(const v1::ListBatchErrorsRequest& request) {
  return {.key = {request.partner(), request.batch_id()},
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

absl::StatusOr<LocationChanges> FromProto(const v1::ImportLocationsRequest& request) {
  LocationChanges changes;
  for (const v1::Region& region : request.regions()) {
    changes.regions.push_back({.slug = region.slug(), .name = region.name()});
    if (!region.parent().empty()) changes.regions.back().parent = region.parent();
  }
  for (const v1::Port& port : request.ports()) {
    const absl::StatusOr<PortCode> code = PortCode::Parse(port.code());
    if (!code.ok()) {
      return InvalidLocationError(absl::StrCat("ports[", changes.ports.size(), "].code"),
                                  port.code(), "a port code is 5 upper-case letters or digits");
    }
    changes.ports.push_back({.code = *code, .name = port.name(), .parent = port.parent()});
  }
  return changes;
}

void ToProto(const BatchRecord& batch, v1::Batch& out) {
  out.set_partner(batch.key.partner);
  out.set_batch_id(batch.key.batch_id);
  out.set_state(ToProto(batch.state));
  out.set_label(batch.label);
  out.set_row_count(batch.content.row_count);
  out.set_lane_count(batch.content.lane_count);
  if (batch.content.days) {
    out.set_first_date(FormatDay(batch.content.days->first));
    out.set_last_date(FormatDay(batch.content.days->last));
  }
  out.set_digest(batch.content.digest);
  rpc::WriteTime(batch.create_time, *out.mutable_create_time());
  if (batch.commit_time) rpc::WriteTime(*batch.commit_time, *out.mutable_commit_time());
  const VersionId committed = batch.committed_version.value_or(VersionId());
  out.set_committed_version(committed.number);
  out.set_committed_version_id(committed.identity);
  out.set_reverted_version(batch.reverted_version.value_or(0));
  out.set_error_count(batch.error_count);
  out.set_bad_row_count(batch.bad_row_count);
  SetErrorCounts(batch, *out.mutable_error_counts());
  out.set_failure_reason(batch.failure_reason);
  out.set_failure_message(batch.failure_message);
}

void ToProto(const ListBatchErrorsPage& page, v1::ListBatchErrorsResponse& out) {
  for (const RowError& error : page.page.errors) {
    v1::RowError* row_error = out.add_errors();
    row_error->set_row_index(error.row_index);
    row_error->set_field(error.field);
    row_error->set_reason(ToProto(error.reason));
    row_error->set_value(error.value);
  }
  out.set_next_page_token(page.next_page_token);
  out.set_error_count(page.page.batch.error_count);
  out.set_bad_row_count(page.page.batch.bad_row_count);
  SetErrorCounts(page.page.batch, *out.mutable_error_counts());
  out.set_stored_error_count(page.page.stored_error_count);
}

void ToProto(const LocationImport& import, v1::ImportLocationsResponse& out) {
  out.set_dataset_version(import.version.number);
  out.set_dataset_version_id(import.version.identity);
  out.set_added_count(import.added_count);
  out.set_changed_count(import.changed_count);
  out.set_unchanged_count(import.unchanged_count);
}

}  // namespace fairway::ingest
