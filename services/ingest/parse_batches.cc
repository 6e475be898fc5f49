#include "services/ingest/parse_batches.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/page_token.h"
#include "libs/rpc/proto_time.h"
#include "libs/series/digest.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {
namespace {

static_assert(static_cast<int>(v1::BATCH_STATE_RECEIVING) ==
              static_cast<int>(BatchState::kReceiving) + 1);
static_assert(static_cast<int>(v1::BATCH_STATE_EXPIRED) ==
              static_cast<int>(BatchState::kExpired) + 1);

absl::Status CheckLabel(absl::string_view label) {
  if (label.size() > limits::kLabelBytesMax) {
    return InvalidLabelError(absl::StrCat("more than ", limits::kLabelBytesMax, " bytes"));
  }
  if (label.find('\0') != absl::string_view::npos) return InvalidLabelError("it holds a NUL");
  return absl::OkStatus();
}

absl::Status CheckDeclaredRowCount(int64_t count) {
  constexpr absl::string_view kField = "header.declared_row_count";
  if (count < 1) return InvalidRequestError(kField, "a batch has at least one row");
  if (count > limits::kUploadRowsMax) return TooManyRowsError(limits::kUploadRowsMax, kField);
  return absl::OkStatus();
}

absl::Status CheckDigest(absl::string_view field, absl::string_view digest) {
  if (digest.empty() || IsContentDigest(digest)) return absl::OkStatus();
  return InvalidRequestError(field, "not in the form of Batch.digest");
}

absl::StatusOr<BatchState> ParseState(int state) {
  if (state == v1::BATCH_STATE_UNSPECIFIED || !v1::BatchState_IsValid(state)) {
    return InvalidFilterError("states", absl::StrCat(state, " is not a known state of a batch"));
  }
  return static_cast<BatchState>(state - 1);
}

// Each state once.
std::vector<BatchState> ParseStates(const google::protobuf::RepeatedField<int>& values,
                                    FieldErrors& errors) {
  std::vector<BatchState> states;
  for (const int value : values) {
    const absl::StatusOr<BatchState> state = ParseState(value);
    errors.Add(state.status());
    if (!state.ok() || std::find(states.begin(), states.end(), *state) != states.end()) continue;
    states.push_back(*state);
  }
  return states;
}

absl::StatusOr<absl::Time> ParseFilterTime(absl::string_view field,
                                           const google::protobuf::Timestamp& message) {
  absl::Time time;
  if (rpc::ReadTime(message, time)) return time;
  return InvalidFilterError(field, "not a valid timestamp");
}

BatchFilter ParseFilter(const v1::ListBatchesRequest& request, FieldErrors& errors) {
  BatchFilter filter{.partner = request.partner()};
  if (!filter.partner.empty()) errors.Add(CheckPartner(filter.partner));
  filter.states = ParseStates(request.states(), errors);
  if (request.has_created_from()) {
    errors.SetOrAdd(ParseFilterTime("created_from", request.created_from()), filter.created_from);
  }
  if (request.has_created_before()) {
    errors.SetOrAdd(ParseFilterTime("created_before", request.created_before()),
                    filter.created_before);
  }
  if (filter.created_from && filter.created_before &&
      *filter.created_from >= *filter.created_before) {
    errors.Add(InvalidFilterError("created_before", "not after created_from: nothing can match"));
  }
  return filter;
}

// A token is bound to the rest of the request, so it is judged only where that is valid.
void ParsePage(const std::string& scope, int32_t page_size, const std::string& page_token,
               FieldErrors& errors, int& size, std::optional<int64_t>& after) {
  const bool is_scope_valid = errors.empty();
  errors.SetOrAdd(ParsePageSize(page_size), size);
  if (is_scope_valid) errors.SetOrAdd(ParseRowCursor(scope, page_token), after);
}

}  // namespace

absl::StatusOr<UploadHeader> ParseUploadHeader(const v1::BatchHeader& header) {
  UploadHeader parsed{.label = header.label(), .declared_digest = header.declared_digest()};
  FieldErrors errors;
  errors.SetOrAdd(ParseBatchKey(header.partner(), header.batch_id()), parsed.key);
  errors.Add(CheckLabel(header.label()));
  if (header.has_declared_row_count()) {
    parsed.declared_row_count = header.declared_row_count();
    errors.Add(CheckDeclaredRowCount(header.declared_row_count()));
  }
  errors.Add(CheckDigest("header.declared_digest", header.declared_digest()));
  RETURN_IF_ERROR(errors.status());
  if (header.validate_only()) return NotImplementedError("validate_only");
  if (!header.supersedes().empty()) return NotImplementedError("supersedes");
  return parsed;
}

absl::StatusOr<UploadEnd> ParseUploadEnd(const v1::BatchEnd& end) {
  UploadEnd parsed{.digest = end.digest()};
  FieldErrors errors;
  if (end.has_row_count()) {
    parsed.row_count = end.row_count();
    if (end.row_count() < 0) {
      errors.Add(InvalidRequestError("end.row_count", "must not be negative"));
    }
  }
  errors.Add(CheckDigest("end.digest", end.digest()));
  RETURN_IF_ERROR(errors.status());
  return parsed;
}

absl::StatusOr<BatchKey> ParseGetBatchRequest(const v1::GetBatchRequest& request) {
  return ParseBatchKey(request.partner(), request.batch_id());
}

absl::StatusOr<BatchKey> ParseRevertBatchRequest(const v1::RevertBatchRequest& request) {
  return ParseBatchKey(request.partner(), request.batch_id());
}

absl::StatusOr<BatchListRequest> ParseBatchListRequest(const v1::ListBatchesRequest& request) {
  FieldErrors errors;
  BatchListRequest list{.filter = ParseFilter(request, errors)};
  ParsePage(PageScopeOf(list.filter), request.page_size(), request.page_token(), errors,
            list.page_size, list.after);
  RETURN_IF_ERROR(errors.status());
  return list;
}

absl::StatusOr<BatchErrorListRequest> ParseBatchErrorListRequest(
    const v1::ListBatchErrorsRequest& request) {
  FieldErrors errors;
  BatchErrorListRequest list;
  errors.SetOrAdd(ParseBatchKey(request.partner(), request.batch_id()), list.key);
  ParsePage(PageScopeOf(list.key), request.page_size(), request.page_token(), errors,
            list.page_size, list.after);
  RETURN_IF_ERROR(errors.status());
  return list;
}

}  // namespace fairway::ingest
