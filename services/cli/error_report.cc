#include "services/cli/error_report.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "services/cli/exit_code.h"
#include "services/cli/report_field.h"
#include "services/cli/row_errors.h"

namespace fairway::cli {
namespace {

constexpr absl::string_view kHeading = "row_index,line,field,reason,value\n";

std::string LineOfDetails(const ErrorDetails& details) {
  for (const auto& [name, value] : details.metadata) {
    if (name == "line") return value;
  }
  return "";
}

}  // namespace

bool IsContentToBlame(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == "BATCH_HAS_INVALID_ROWS" || reason == "FILE_CONTENT" ||
         reason == "TOO_MANY_ROWS";
}

absl::StatusOr<std::string> MakeErrorReport(Session& session, const v1::BatchHeader& header,
                                            const absl::Status& status, const PriceSource* prices) {
  std::string report(kHeading);
  if (ExitCodeOf(status) != ExitCode::kBadRows) {
    const ErrorDetails details = DetailsOf(status);
    absl::StrAppend(&report, ",", LineOfDetails(details), ",,", details.reason, ",",
                    ReportField(status.message()), "\n");
    return report;
  }
  const auto add = [&](const v1::ListBatchErrorsResponse& page) {
    for (const v1::RowError& error : page.errors()) {
      absl::StrAppend(&report, error.row_index(), ",");
      if (prices != nullptr) absl::StrAppend(&report, prices->LineOfRow(error.row_index()));
      absl::StrAppend(&report, ",", ReportField(error.field()), ",", NameOfReason(error.reason()),
                      ",", ReportField(error.value()), "\n");
    }
  };
  RETURN_IF_ERROR(ForEachErrorPage(session, header.partner(), header.batch_id(), add));
  return report;
}

}  // namespace fairway::cli
