#include "services/ingest/write_replies.h"

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
  const VersionId reverted = batch.reverted_version.value_or(VersionId());
  out.set_reverted_version(reverted.number);
  out.set_reverted_version_id(reverted.identity);
  out.set_error_count(batch.error_count);
  out.set_bad_row_count(batch.bad_row_count);
  SetErrorCounts(batch, *out.mutable_error_counts());
  out.set_failure_reason(batch.failure_reason);
  out.set_failure_message(batch.failure_message);
}

void ToProto(const ListBatchErrorsPage& page, v1::ListBatchErrorsResponse& out) {
  for (const RowError& error : page.stored.errors) {
    v1::RowError* row_error = out.add_errors();
    row_error->set_row_index(error.row_index);
    row_error->set_field(error.field);
    row_error->set_reason(ToProto(error.reason));
    row_error->set_value(error.value);
  }
  out.set_next_page_token(page.next_page_token);
  out.set_error_count(page.stored.batch.error_count);
  out.set_bad_row_count(page.stored.batch.bad_row_count);
  SetErrorCounts(page.stored.batch, *out.mutable_error_counts());
  out.set_stored_error_count(page.stored.stored_error_count);
}

void ToProto(const LocationImport& import, v1::ImportLocationsResponse& out) {
  out.set_dataset_version(import.version.number);
  out.set_dataset_version_id(import.version.identity);
  out.set_added_count(import.added_count);
  out.set_changed_count(import.changed_count);
  out.set_unchanged_count(import.unchanged_count);
}

}  // namespace fairway::ingest
