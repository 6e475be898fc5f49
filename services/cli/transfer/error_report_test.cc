#include "services/cli/transfer/error_report.h"

#include <sys/stat.h>

#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/transfer/object_source.h"

namespace fairway::cli {
namespace {

TEST(IsContentErrorTest, OnlyIfEveryAttemptWouldFail) {
  EXPECT_TRUE(IsContentError(BatchHasInvalidRowsError({"a", "bcde"}, {})));
  EXPECT_TRUE(IsContentError(price_files::ContentError("a.csv", 3, "bad")));
  EXPECT_TRUE(IsContentError(TooManyRowsError(5)));
  EXPECT_FALSE(IsContentError(ObjectError(absl::NotFoundError("no such object"))));
  EXPECT_FALSE(IsContentError(DrainingError()));
  EXPECT_FALSE(IsContentError(absl::OkStatus()));
}

TEST(ErrorReportTest, IsThatOfTheLastRun) {
  const price_files::TempFolder folder;
  const std::string prices = folder.Write("prices.csv", "x");
  const std::string report = folder.Write("report.csv", "of an earlier run");
  FAIRWAY_EXPECT_OK(ClearErrorReport(report, prices));
  EXPECT_EQ(folder.Read(report), "");
  FAIRWAY_EXPECT_OK(WriteEmptyErrorReport(report));
  EXPECT_EQ(folder.Read(report), "row_index,line,field,reason,value\n");
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(prices, folder.Path("./prices.csv"))), ExitCode::kUsage);
  EXPECT_EQ(folder.Read(prices), "x") << "the file to upload is not changed";
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(folder.Path("nowhere/report.csv"), prices)),
            ExitCode::kFile);
  // The reader of a pipe would take the first end for the last.
  ASSERT_EQ(::mkfifo(folder.Path("report").c_str(), 0600), 0);
  for (const std::string& no_file : {std::string(), std::string("-"), folder.Path("report")}) {
    FAIRWAY_EXPECT_OK(ClearErrorReport(no_file, prices)) << no_file;
  }
}

}  // namespace
}  // namespace fairway::cli
