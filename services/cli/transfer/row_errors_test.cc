#include "services/cli/transfer/row_errors.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"
#include "libs/domain/row_error.h"
#include "services/cli/shell/printable.h"
#include "services/cli/transfer/testing/fake_ingest.h"

namespace fairway::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

RowErrorSummary FourErrors() {
  RowErrorSummary errors;
  errors.bad_row_count = 1;
  errors.error_count = 1'204;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kUnknownPort)] = 2;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kBadDate)] = 2;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kMalformedRow)] = 1'200;
  return errors;
}

TEST(FormatHintsTest, TheMostFrequentComesFirst) {
  const std::string hints = FormatHints(BatchHasInvalidRowsError({"acme", "q1-1"}, FourErrors()));
  const size_t malformed = hints.find("MALFORMED_ROW (1,200): ");
  const size_t bad_date = hints.find("\nBAD_DATE (2): ");
  const size_t unknown_port = hints.find("\nUNKNOWN_PORT (2): ");
  EXPECT_EQ(malformed, 0) << hints;
  EXPECT_LT(bad_date, unknown_port) << hints;
  EXPECT_NE(unknown_port, std::string::npos) << hints;
  EXPECT_THAT(FormatHints(DrainingError()), IsEmpty());
  EXPECT_THAT(FormatHints(MakeError(absl::StatusCode::kInvalidArgument, "of another kind",
                                    {.reason = "X", .metadata = {{"BAD_DATE", "2"}}})),
              IsEmpty());
}

TEST(FormatHintsTest, ADayIsWrittenAsItShouldBe) {
  RowErrorSummary errors = FourErrors();
  errors.first_errors = {{0, "day", RowErrorReason::kBadDate, "3/1/2026"},
                         {1, "origin", RowErrorReason::kUnknownPort, "02.03.2026"}};
  const auto hints = [&] {
    return FormatHints(BatchHasInvalidRowsError({"acme", "q1-1"}, errors));
  };
  EXPECT_THAT(hints(), HasSubstr("BAD_DATE (2): days have the form YYYY-MM-DD and must exist\n"));
  errors.first_errors.push_back({2, "day", RowErrorReason::kBadDate, "01.03.2026"});
  EXPECT_THAT(hints(), HasSubstr("must exist; for 01.03.2026 write 2026-03-01\n"));
}

// What is printed for a batch of so many errors, of which some are kept.
std::string PrintedHelp(int64_t errors, int kept) {
  FakeIngest ingest;
  for (int i = 0; i < kept; ++i) {
    v1::RowError error;
    error.set_reason(v1::ROW_ERROR_REASON_BAD_DATE);
    ingest.AddRowError(error, i == 0 ? errors - (kept - 1) : 1);
  }
  v1::BatchHeader header;
  header.set_partner("acme");
  header.set_batch_id("q1-1");
  ::testing::internal::CaptureStderr();
  PrintRowErrorHelp(ingest.session(), header,
                    BatchHasInvalidRowsError({"acme", "q1-1"}, FourErrors()));
  EXPECT_EQ(ingest.error_requests().size(), 1);
  EXPECT_EQ(ingest.error_requests()[0].page_size(), 1);
  return ::testing::internal::GetCapturedStderr();
}

TEST(PrintRowErrorHelpTest, SaysHowToListWhatIsKept) {
  EXPECT_THAT(PrintedHelp(3, 3), HasSubstr("all of them: fairway batches errors acme q1-1\n"));
  EXPECT_THAT(PrintedHelp(3, 2), HasSubstr("the first 1,000 of each reason: fairway batches"));
  EXPECT_THAT(PrintedHelp(0, 0),
              AllOf(HasSubstr("MALFORMED_ROW"), Not(HasSubstr("batches errors"))));
}

TEST(PrintRowErrorHelpTest, OtherErrorsNeedNone) {
  FakeIngest ingest;
  ::testing::internal::CaptureStderr();
  PrintRowErrorHelp(ingest.session(), {}, DrainingError());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty());
  EXPECT_EQ(ingest.error_requests().size(), 0);
}

TEST(HintForTest, EveryReasonHasOne) {
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    EXPECT_FALSE(HintFor(static_cast<RowErrorReason>(i)).empty()) << i;
  }
}

TEST(ReportFieldTest, IsNoFormula) {
  EXPECT_EQ(ReportField("=1+1"), "'=1+1");
  for (const char* text : {"+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    EXPECT_THAT(ReportField(text), HasSubstr("'" + Printable(text))) << text;
  }
  EXPECT_EQ(ReportField("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
  EXPECT_EQ(ReportField("1+1"), "1+1");
  EXPECT_EQ(ReportField("\x1b]0;x\x07"), "\\x1b]0;x\\x07") << "a report may be shown on a terminal";
  EXPECT_EQ(ReportField(""), "");
}

}  // namespace
}  // namespace fairway::cli
