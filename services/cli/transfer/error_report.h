#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fairway/v1/batch.pb.h"

#include "libs/price_files/price_source.h"
#include "services/cli/shell/session.h"

namespace fairway::cli {

// Whether the content is the cause, so that every attempt would fail: invalid rows, a file that
// cannot be read as prices, or more rows than a batch may have.
bool IsContentError(const absl::Status& status);

// The report of a content error, as CSV: row_index,line,field,reason,value. Invalid rows are listed
// by the service, which keeps 1,000 errors of each reason: a line without a row gives the number
// of the others. If it keeps none, the report has the rows that `status` names. Any other error is
// a single line. `prices` provides the lines; null if no rows were read.
absl::StatusOr<std::string> MakeErrorReport(Session& session, const v1::BatchHeader& header,
                                            const absl::Status& status,
                                            const price_files::PriceSource* prices);

// Writes a report to a file, or to standard output ("-"). LOCAL_FILE.
absl::Status WriteErrorReport(const std::string& report, const std::string& path);

// Empties the report file before anything is sent, so that a report of an earlier run is not
// mistaken for one of this run, and to find out whether it is writable. Does nothing for "", "-"
// and pipes. LOCAL_FILE; USAGE if `path` is the file to upload, or a directory.
absl::Status ClearErrorReport(const std::string& path, const std::string& uploaded);

// Writes a report without errors: the heading only. Does nothing for "" and "-". LOCAL_FILE.
absl::Status WriteEmptyErrorReport(const std::string& path);

}  // namespace fairway::cli
