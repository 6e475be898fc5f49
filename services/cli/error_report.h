#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "fairway/v1/batch.pb.h"

#include "libs/price_files/price_source.h"
#include "services/cli/session.h"

namespace fairway::cli {

// Whether what was loaded is to blame, and would fail the same way for ever: bad rows, a file that
// is none of prices, or more rows than a batch may have.
bool IsContentToBlame(const absl::Status& status);

// What is wrong with it, as CSV: row_index,line,field,reason,value. Bad rows, whoever found them,
// are asked of the service, which keeps 1,000 errors of each reason: a line without a row says how
// many more there are. Where it kept none, those that the error names are given. Anything
// else is one line. `prices` knows lines, and may be null when none
// were read.
absl::StatusOr<std::string> MakeErrorReport(Session& session, const v1::BatchHeader& header,
                                            const absl::Status& status,
                                            const price_files::PriceSource* prices);

// Writes the report to a file, or to standard output ("-"). LOCAL_FILE.
absl::Status WriteErrorReport(const std::string& report, const std::string& path);

// Before anything is sent: empties the file, so that no report of an earlier run is taken for this
// one's, and shows whether it can be written. What is no file, such as "-", is left alone.
// LOCAL_FILE; USAGE when it is the file that is to be uploaded.
absl::Status ClearErrorReport(const std::string& path, const std::string& uploaded);

// Nothing is wrong: the file has its heading only. Nothing to do for "" and "-". LOCAL_FILE.
absl::Status WriteEmptyErrorReport(const std::string& path);

}  // namespace fairway::cli
