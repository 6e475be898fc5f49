#include "services/cli/row_errors.h"

#include <algorithm>
#include <iostream>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/exit_code.h"
#include "services/cli/output.h"
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

std::string FormatHints(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (details.reason != "BATCH_HAS_INVALID_ROWS") return "";
  std::vector<std::pair<int64_t, const Hint*>> found;  // Less than nothing, so that they sort.
  for (const Hint& hint : kHints) {
    for (const auto& [name, text] : details.metadata) {
      int64_t count = 0;
      if (name == hint.reason && absl::SimpleAtoi(text, &count)) found.emplace_back(-count, &hint);
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second->reason) < std::tie(b.first, b.second->reason);
  });
  std::string hints;
  for (const auto& [count, hint] : found) {
    absl::StrAppend(&hints, hint->reason, " (", FormatCount(-count), "): ", hint->text, "\n");
  }
  return hints;
}

void PrintHelp(Session& session, const v1::BatchHeader& header, const absl::Status& status) {
  std::cerr << FormatHints(status);
  if (ExitCodeOf(status) != ExitCode::kBadRows) return;
  v1::ListBatchErrorsRequest request;
  request.set_partner(header.partner());
  request.set_batch_id(header.batch_id());
  request.set_page_size(1);
  v1::ListBatchErrorsResponse kept;
  if (!session.ingest().ListBatchErrors(session.NewContext().get(), request, &kept).ok() ||
      kept.stored_error_count() == 0) {
    return;
  }
  const bool are_all = kept.stored_error_count() >= kept.error_count();
  std::cerr << (are_all ? "all of them" : "the first 1,000 of each reason")
            << ": fairway batches errors " << header.partner() << " " << header.batch_id() << "\n";
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
