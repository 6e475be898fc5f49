#include "services/cli/transfer/row_errors.h"

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/price_files/csv_fields.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/shell/output.h"
#include "services/cli/shell/pages.h"
#include "services/cli/shell/printable.h"
#include "services/cli/transfer/day_hint.h"

namespace fairway::cli {
namespace {

// More than any service keeps of a batch.
constexpr int64_t kErrorsMax = 1'000'000;

v1::ListBatchErrorsRequest ErrorsRequest(const std::string& partner, const std::string& batch_id,
                                         int32_t page_size) {
  v1::ListBatchErrorsRequest request;
  request.set_partner(partner);
  request.set_batch_id(batch_id);
  request.set_page_size(page_size);
  return request;
}

// "; for 01.03.2026 write 2026-03-01": of the first day with one meaning only. "" if none is
// listed.
std::string DayExample(const ErrorDetails& details) {
  const std::string prefix = absl::StrCat(RowErrorReasonName(RowErrorReason::kBadDate), ": \"");
  for (const FieldViolation& violation : details.field_violations) {
    absl::string_view value = violation.description;
    if (!absl::ConsumePrefix(&value, prefix) || !absl::ConsumeSuffix(&value, "\"")) continue;
    const std::string day = IsoDayOf(value);
    if (!day.empty()) return absl::StrCat("; for ", value, " write ", day);
  }
  return "";
}

}  // namespace

absl::string_view HintFor(RowErrorReason reason) {
  switch (reason) {
    case RowErrorReason::kUnknownPort:
      return "the port is not known: see fairway locations list";
    case RowErrorReason::kNotAPort:
      return "a port code has 5 capital letters or digits; regions cannot have prices";
    case RowErrorReason::kBadDate:
      return "days have the form YYYY-MM-DD and must exist";
    case RowErrorReason::kDateOutOfRange:
      return "days are from 1990-01-01 to 2100-12-31";
    case RowErrorReason::kPriceOutOfRange:
      return "prices are from 1 to 10,000,000 dollars";
    case RowErrorReason::kMissingField:
      return "the field is empty, or the row ends before it";
    case RowErrorReason::kNotANumber:
      return "prices are whole dollars, 1250 or 1250.00. Where commas separate the fields, 1,250 "
             "needs quotes around it, and 850,120 around either field if it is two";
    case RowErrorReason::kMalformedRow:
      return "more fields than named columns, a value in an unnamed column, another separator, "
             "quotes around the whole row, or text behind a closing quote";
    case RowErrorReason::kNotUtf8:
      return "save the file as UTF-8";
  }
  return "";
}

std::string FormatHints(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (details.reason != reasons::kBatchHasInvalidRows) return "";
  std::vector<std::pair<int64_t, RowErrorReason>> counts;
  for (const auto& [name, text] : details.metadata) {
    const absl::StatusOr<RowErrorReason> reason = ParseRowErrorReason(name);
    int64_t count = 0;
    if (reason.ok() && absl::SimpleAtoi(text, &count)) counts.emplace_back(count, *reason);
  }
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first
                              : RowErrorReasonName(a.second) < RowErrorReasonName(b.second);
  });
  std::string hints;
  for (const auto& [count, reason] : counts) {
    absl::StrAppend(&hints, RowErrorReasonName(reason), " (", FormatCount(count),
                    "): ", HintFor(reason),
                    reason == RowErrorReason::kBadDate ? DayExample(details) : "", "\n");
  }
  return hints;
}

void PrintRowErrorHelp(Session& session, const v1::BatchHeader& header,
                       const absl::Status& status) {
  std::cerr << FormatHints(status);
  if (ExitCodeOf(status) != ExitCode::kBadRows) return;
  const auto kept =
      session.Call(&IngestStub::ListBatchErrors,
                   ErrorsRequest(header.partner(), header.batch_id(), /*page_size=*/1));
  if (!kept.ok() || kept->stored_error_count() == 0) return;
  const bool are_all = kept->stored_error_count() >= kept->error_count();
  std::cerr << (are_all ? "all of them" : "the first 1,000 of each reason")
            << ": fairway batches errors " << header.partner() << " " << header.batch_id() << "\n";
}

absl::Status ForEachErrorPage(Session& session, const std::string& partner,
                              const std::string& batch_id,
                              const std::function<void(const v1::ListBatchErrorsResponse&)>& take) {
  return ForEachPage(
      session, &IngestStub::ListBatchErrors, ErrorsRequest(partner, batch_id, limits::kPageSizeMax),
      PageGuard("errors", kErrorsMax), &v1::ListBatchErrorsResponse::errors_size, take);
}

std::string ReportField(absl::string_view text) {
  constexpr absl::string_view kFormulaStarts = "=+-@\t\r\n";
  const bool is_formula = !text.empty() && kFormulaStarts.find(text[0]) != absl::string_view::npos;
  const std::string printable = Printable(text);
  return price_files::CsvField(is_formula ? absl::StrCat("'", printable) : printable);
}

}  // namespace fairway::cli
