#include "services/cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "services/cli/address.h"
#include "services/cli/exit_code.h"
#include "services/cli/page_guard.h"
#include "services/cli/printable.h"
#include "services/cli/report_field.h"
#include "services/cli/safe_output.h"

// What reaches a terminal, a spreadsheet, or nobody.
namespace fairway::cli {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(PrintableTest, NothingMovesTheCursor) {
  EXPECT_EQ(Printable("S\u00e3o\t上海\n"), "São\t上海\n");
  EXPECT_EQ(Printable("\x1b[2J\r\a\x7f\x9b\u009b"), "\\x1b[2J\\x0d\\x07\\x7f\\x9b\\u009b");
  EXPECT_EQ(Printable("a\u202eb\u2066c\u2028"), "a\\u202eb\\u2066c\\u2028");
  EXPECT_EQ(Printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(Printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(PrintableLine("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(FormatTable({{"A", "B"}, {"x\n\x1b", "y"}}), "A        B\nx\\n\\x1b  y\n");
}

TEST(PrintableTest, KnowsACharacterThatHasNotAllCome) {
  EXPECT_EQ(IncompleteTail("a"), 0);
  EXPECT_EQ(IncompleteTail("a\xe4"), 1);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8"), 2);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8\x8a"), 0);
  EXPECT_EQ(IncompleteTail("\x80\x80\x80\x80"), 0);
}

TEST(ReportFieldTest, SpreadsheetsComputeNothing) {
  EXPECT_EQ(ReportField("=1+1"), "'=1+1");
  for (const char* text : {"+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    EXPECT_THAT(ReportField(text), HasSubstr("'" + Printable(text))) << text;
  }
  EXPECT_EQ(ReportField("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
  EXPECT_EQ(ReportField("1+1"), "1+1");
  EXPECT_EQ(ReportField("\x1b]0;x\x07"), "\\x1b]0;x\\x07") << "a report may be shown on a terminal";
  EXPECT_EQ(ReportField(""), "");
}

TEST(SafeOutputTest, WritesAllOfItPrintable) {
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  std::ostringstream stream;
  {
    SafeOutput output(stream, ends[1], "x");
    stream << "上\x1b" << std::flush << "\xe4" << std::flush << "\xb8\x8a" << 7;
    FAIRWAY_EXPECT_OK(output.Finish());
  }
  close(ends[1]);
  std::string text(100, '\0');
  text.resize(static_cast<size_t>(read(ends[0], text.data(), text.size())));
  close(ends[0]);
  EXPECT_EQ(text, "上\\x1b上7");
}

TEST(SafeOutputTest, ADiskThatIsFullIsAnError) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  std::ostringstream stream;
  SafeOutput output(stream, full, "standard output");
  stream << "x";
  const absl::Status status = output.Finish();
  EXPECT_EQ(status.message(), "standard output: No space left on device");
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
  stream << std::string(1'000'000, 'y');
  EXPECT_FALSE(output.Finish().ok());
  close(full);
}

TEST(PageGuardTest, EveryListingEnds) {
  PageGuard endless("locations", 1'000'000);
  FAIRWAY_EXPECT_OK(endless.Add(1, 10, "a"));
  FAIRWAY_EXPECT_OK(endless.Add(1, 10, "b"));
  EXPECT_THAT(endless.Add(1, 10, "b"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("the same page token twice")));
  PageGuard rows("locations", 10);
  FAIRWAY_EXPECT_OK(rows.Add(10, 10, "a"));
  EXPECT_THAT(rows.Add(1, 10, ""),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 10 rows")));
  PageGuard bytes("errors", 10);
  EXPECT_THAT(bytes.Add(1, 1 << 30, ""),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 256 MiB")));
  PageGuard empty("errors", 10);
  absl::Status status;
  for (int i = 0; status.ok() && i < 20'000; ++i) status = empty.Add(0, 2, i % 2 == 0 ? "a" : "b");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, HasSubstr("pages")));
}

TEST(AddressTest, AHostAndAPortAreNamed) {
  for (const char* right :
       {"localhost:50051", "127.0.0.1:1", "[::1]:1", "query:65535", "dns:///query:1", "dns:query:1",
        "dns://8.8.8.8/query:1", "ipv4:127.0.0.1:1,127.0.0.2:2", "ipv6:[::1]:1", "unix:/run/query",
        "unix:///run/query", "vsock:1:2"}) {
    EXPECT_THAT(CheckAddress(right), IsEmpty()) << right;
  }
  for (const char* wrong : {"",
                            "query",
                            "query:",
                            ":50051",
                            "::1",
                            "[::1]",
                            "[::1]:",
                            "fe80::1:50051",
                            "query:0",
                            "query:65536",
                            "query:115587",
                            "query:-1",
                            "query:+1",
                            "query: 1",
                            "query:http",
                            "query:1x",
                            "query:99999999999999999999",
                            "query:50051/",
                            "a/b:1",
                            "dns:///query",
                            "dns:///query:0",
                            "dns:///",
                            "ipv4:127.0.0.1",
                            "ipv4:127.0.0.1:1,127.0.0.2"}) {
    EXPECT_THAT(CheckAddress(wrong), HasSubstr("expected host:port")) << wrong;
  }
}

TEST(AddressTest, ASchemeIsNamed) {
  EXPECT_EQ(CheckAddress("http://query:50051/x"),
            "expected host:port without http://, that is query:50051");
  EXPECT_EQ(CheckAddress("https://query"),
            "expected host:port without https://, that is query; TLS is not supported yet");
}

}  // namespace
}  // namespace fairway::cli
