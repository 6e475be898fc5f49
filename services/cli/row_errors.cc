#include "services/cli/row_errors.h"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/page_guard.h"

namespace fairway::cli {
namespace {

// More than any service has kept of a batch.
constexpr int64_t kErrorsMax = 1'000'000;

struct Hint {
  absl::string_view reason;
  absl::string_view text;
};

constexpr Hint kHints[] = {
    {"UNKNOWN_PORT", "no such port is known: see fairway locations list"},
    {"NOT_A_PORT", "a port has 5 capital letters or digits; regions have no prices of their own"},
    {"BAD_DATE", "days are written YYYY-MM-DD and must exist"},
    {"DATE_OUT_OF_RANGE", "days are from 1990-01-01 to 2100-12-31"},
    {"PRICE_OUT_OF_RANGE", "prices are from 1 to 10,000,000 dollars"},
    {"MISSING_FIELD", "it is empty, or the row ends before it"},
    {"NOT_A_NUMBER",
     "prices are whole dollars, 1250 or 1250.00; 1,250 only in quotes, and only where commas "
     "separate the fields"},
    {"MALFORMED_ROW",
     "more fields than the heading names, a value in a column without a name, another separator, "
     "quotes around all of it, or text behind a closing quote"},
    {"NOT_UTF8", "save the file as UTF-8"},
};

}  // namespace

std::string NameOfReason(v1::RowErrorReason reason) {
  constexpr size_t kPrefix = sizeof("ROW_ERROR_REASON_") - 1;
  return v1::RowErrorReason_Name(reason).substr(kPrefix);
}

void PrintHints(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (details.reason != "BATCH_HAS_INVALID_ROWS") return;
  for (const auto& [name, count] : details.metadata) {
    const auto* hint =
        std::find_if(std::begin(kHints), std::end(kHints),
                     [&name = name](const Hint& each) { return each.reason == name; });
    if (hint == std::end(kHints)) continue;
    std::cerr << hint->reason << " (" << count << "): " << hint->text << "\n";
  }
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
