#include "services/cli/transfer/error_report.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/transfer/object_source.h"
#include "services/cli/transfer/testing/fake_ingest.h"

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
  const std::string link = folder.Path("link.csv");
  std::filesystem::create_symlink(prices, link);
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(link, prices)), ExitCode::kUsage);
  const std::string name = folder.Path("name.csv");
  std::filesystem::create_hard_link(prices, name);
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(name, prices)), ExitCode::kUsage);
  EXPECT_EQ(folder.Read(prices), "x") << "the file to upload is not changed";
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(folder.Path("nowhere/report.csv"), prices)),
            ExitCode::kFile);
  // The reader of a pipe would take the first end for the last.
  ASSERT_EQ(::mkfifo(folder.Path("report").c_str(), 0600), 0);
  for (const std::string& no_file : {std::string(), std::string("-"), folder.Path("report")}) {
    FAIRWAY_EXPECT_OK(ClearErrorReport(no_file, prices)) << no_file;
  }
}

TEST(ErrorReportTest, AnEmptyOneIsAFileOnly) {
  ::testing::internal::CaptureStdout();
  FAIRWAY_EXPECT_OK(WriteEmptyErrorReport("-"));
  FAIRWAY_EXPECT_OK(ClearErrorReport("-", "x"));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  FAIRWAY_EXPECT_OK(WriteEmptyErrorReport(""));
  EXPECT_EQ(ExitCodeOf(WriteErrorReport("x", "/dev/full")), ExitCode::kFile);
}

constexpr const char* kHeading = "row_index,line,field,reason,value\n";

class MakeErrorReportTest : public ::testing::Test {
 protected:
  void AddError(int64_t row, const std::string& value, int64_t count) {
    v1::RowError error;
    error.set_row_index(row);
    error.set_field("price");
    error.set_reason(v1::ROW_ERROR_REASON_NOT_A_NUMBER);
    error.set_value(value);
    ingest_.AddRowError(error, count);
  }
  std::string Report(const absl::Status& status) {
    v1::BatchHeader header;
    header.set_partner("acme");
    header.set_batch_id("batch-1");
    return MakeErrorReport(ingest_.session(), header, status, nullptr).value();
  }

  FakeIngest ingest_;
};

TEST_F(MakeErrorReportTest, AFileThatCannotBeReadIsOneLine) {
  const std::string report = Report(price_files::ContentError("a.csv", 3, "bad, worse"));
  EXPECT_EQ(report, absl::StrCat(kHeading, ",3,,FILE_CONTENT,\"a.csv:3: bad, worse\"\n"));
  EXPECT_EQ(ingest_.error_requests().size(), 0);
}

TEST_F(MakeErrorReportTest, ErrorsOfTheServiceAreListed) {
  AddError(7, "=1+1", 1);
  const std::string report = Report(BatchHasInvalidRowsError({"acme", "batch-1"}, {}));
  EXPECT_EQ(report, absl::StrCat(kHeading, "7,,price,NOT_A_NUMBER,'=1+1\n"));
  ASSERT_EQ(ingest_.error_requests().size(), 1);
  EXPECT_EQ(ingest_.error_requests()[0].partner(), "acme");
  EXPECT_EQ(ingest_.error_requests()[0].batch_id(), "batch-1");
  EXPECT_EQ(ingest_.error_requests()[0].page_size(), limits::kPageSizeMax);
}

TEST_F(MakeErrorReportTest, WhereNoneAreKeptItListsThoseOfTheStatus) {
  const absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, "bad",
                {.reason = std::string(reasons::kBatchHasInvalidRows),
                 .field_violations = {{"line 4, day", "BAD_DATE: \"a,b\""},
                                      {"row 17, price", "NOT_A_NUMBER: \"x\""}}});
  EXPECT_EQ(Report(status),
            absl::StrCat(kHeading, ",4,day,BAD_DATE,\"a,b\"\n17,,price,NOT_A_NUMBER,x\n"));
}

}  // namespace
}  // namespace fairway::cli
