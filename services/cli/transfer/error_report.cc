#include "services/cli/transfer/error_report.h"

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/text_writer.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/shell/output.h"
#include "services/cli/transfer/row_errors.h"

namespace fairway::cli {
namespace {

constexpr absl::string_view kHeading = "row_index,line,field,reason,value\n";

std::string LineOfDetails(const ErrorDetails& details) {
  for (const auto& [name, value] : details.metadata) {
    if (name == "line") return value;
  }
  return "";
}

std::string LineOfError(const v1::RowError& error, const price_files::PriceSource* prices) {
  const int64_t line = prices == nullptr ? 0 : prices->LineOfRow(error.row_index());
  return absl::StrCat(error.row_index(), ",", line == 0 ? "" : absl::StrCat(line), ",",
                      ReportField(error.field()), ",", EnumName(error.reason()), ",",
                      ReportField(error.value()), "\n");
}

// Adds the rows that an error names, as "line 4, day" and "BAD_DATE: \"…\"".
void AddNamedRows(const ErrorDetails& details, std::string& report) {
  for (const FieldViolation& violation : details.field_violations) {
    const std::pair<absl::string_view, absl::string_view> place =
        absl::StrSplit(violation.field, absl::MaxSplits(", ", 1));
    const std::pair<absl::string_view, absl::string_view> what =
        absl::StrSplit(violation.description, absl::MaxSplits(": ", 1));
    const bool has_line = absl::StartsWith(place.first, "line ");
    absl::StrAppend(&report, has_line ? "" : absl::StripPrefix(place.first, "row "), ",",
                    has_line ? absl::StripPrefix(place.first, "line ") : "", ",",
                    ReportField(place.second), ",", ReportField(what.first), ",",
                    ReportField(absl::StripSuffix(absl::StripPrefix(what.second, "\""), "\"")),
                    "\n");
  }
}

bool IsFile(const std::string& path) { return !path.empty() && path != "-"; }

}  // namespace

bool IsContentError(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == reasons::kBatchHasInvalidRows || reason == price_files::kContentReason ||
         reason == reasons::kTooManyRows;
}

absl::StatusOr<std::string> MakeErrorReport(Session& session, const v1::BatchHeader& header,
                                            const absl::Status& status,
                                            const price_files::PriceSource* prices) {
  std::string report(kHeading);
  if (ExitCodeOf(status) != ExitCode::kBadRows) {
    const ErrorDetails details = DetailsOf(status);
    absl::StrAppend(&report, ",", LineOfDetails(details), ",,", details.reason, ",",
                    ReportField(status.message()), "\n");
    return report;
  }
  std::map<v1::RowErrorReason, int64_t> dropped;  // Errors that were counted but not kept.
  const auto add = [&](const v1::ListBatchErrorsResponse& page) {
    if (dropped.empty()) {
      for (const v1::RowErrorCount& count : page.error_counts()) {
        dropped[count.reason()] = count.count();
      }
    }
    for (const v1::RowError& error : page.errors()) {
      absl::StrAppend(&report, LineOfError(error, prices));
      --dropped[error.reason()];
    }
  };
  RETURN_IF_ERROR(ForEachErrorPage(session, header.partner(), header.batch_id(), add));
  if (report.size() == kHeading.size()) AddNamedRows(DetailsOf(status), report);
  for (const auto& [reason, count] : dropped) {
    if (count <= 0) continue;
    absl::StrAppend(&report, ",,,", EnumName(reason), ",",
                    ReportField(absl::StrCat("and ", FormatCount(count), " more")), "\n");
  }
  return report;
}

absl::Status WriteErrorReport(const std::string& report, const std::string& path) {
  ASSIGN_OR_RETURN(const auto writer, price_files::TextWriter::Open(path));
  RETURN_IF_ERROR(writer->Write(report));
  return writer->Close();
}

absl::Status ClearErrorReport(const std::string& path, const std::string& uploaded) {
  std::error_code ignored;
  const bool exists = std::filesystem::exists(path, ignored);
  if (std::filesystem::is_directory(path, ignored)) {
    return UsageError(absl::StrCat("--error-report is a directory: ", path));
  }
  if (!IsFile(path) || (exists && !std::filesystem::is_regular_file(path, ignored))) {
    return absl::OkStatus();
  }
  if (exists && std::filesystem::equivalent(path, uploaded, ignored)) {
    return UsageError("--error-report is the file to upload");
  }
  return WriteErrorReport("", path);
}

absl::Status WriteEmptyErrorReport(const std::string& path) {
  return IsFile(path) ? WriteErrorReport(std::string(kHeading), path) : absl::OkStatus();
}

}  // namespace fairway::cli
