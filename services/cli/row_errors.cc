#include "services/cli/row_errors.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/page_guard.h"

namespace fairway::cli {
namespace {

// More than any service has kept of a batch.
constexpr int64_t kErrorsMax = 1'000'000;

}  // namespace

std::string NameOfReason(v1::RowErrorReason reason) {
  constexpr size_t kPrefix = sizeof("ROW_ERROR_REASON_") - 1;
  return v1::RowErrorReason_Name(reason).substr(kPrefix);
}

absl::Status ForEachErrorPage(Session& session, const std::string& partner,
                              const std::string& batch_id,
                              const std::function<void(const v1::ListBatchErrorsResponse&)>& take) {
  v1::ListBatchErrorsRequest request;
  request.set_partner(partner);
  request.set_batch_id(batch_id);
  request.set_page_size(limits::kPageSizeMax);
  PageGuard guard("errors", kErrorsMax);
  do {
    v1::ListBatchErrorsResponse page;
    RETURN_IF_ERROR(rpc::FromGrpcStatus(
        session.ingest().ListBatchErrors(session.NewContext().get(), request, &page)));
    RETURN_IF_ERROR(guard.Add(page.errors_size(), page.ByteSizeLong(), page.next_page_token()));
    take(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace fairway::cli
