#include "libs/price_files/dump_price_source.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"

// Dumps as files, pipes and folders; what they mean is tested in libs/sql_dump.
namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::testing::HasSubstr;

constexpr const char* kDump =
    "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);\n"
    "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
    "INSERT INTO public.ports VALUES ('CNSHA', 'Shanghai', 'asia');\n"
    "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n"
    "CNSHA\tCNSHA\t2021-01-01\t100\nCNSHA\tCNSHA\t2021-01-02\t200\n\\.\n\n"
    "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n"
    "CNSHA\tCNSHA\t2021-01-03\t300\n\\.\n";

class DumpPriceSourceTest : public ::testing::Test {
 protected:
  std::string Path(absl::string_view name) const { return folder_.Path(name); }
  std::string Write(absl::string_view name, absl::string_view text) const {
    return folder_.Write(name, text);
  }

  const TempFolder folder_;
};

TEST_F(DumpPriceSourceTest, ReadsEveryCompressionTwice) {
  for (const char* name : {"a.sql", "a.sql.gz", "a.sql.zst"}) {
    SCOPED_TRACE(name);
    const auto file = OpenDump(Write(name, kDump)).value();
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const sql_dump::DumpContent content, ReadDumpContent(*file));
    EXPECT_EQ(content.price_count, 3);
    const auto prices = DumpPriceSource::Open(*file, content.schema).value();
    PriceText price;
    for (int i = 0; i < 3; ++i) EXPECT_THAT(prices->Next(price), IsOkAndHolds(true));
    EXPECT_EQ(price.day, "2021-01-03");
    EXPECT_EQ(price.price, 300);
    EXPECT_THAT(prices->Next(price), IsOkAndHolds(false));
    EXPECT_EQ(prices->LineOfRow(0), 5);
    EXPECT_EQ(prices->LineOfRow(1), 6);
    EXPECT_EQ(prices->LineOfRow(2), 10);
  }
}

// Each row of an INSERT in one line changes the distance between row and line.
TEST_F(DumpPriceSourceTest, ReturnsNoLineBeyondTheBound) {
  std::string dump(kDump);
  dump += "INSERT INTO public.prices VALUES ";
  for (int i = 0; i < 70'000; ++i) {
    absl::StrAppend(&dump, i == 0 ? "" : ",", "('CNSHA','CNSHA','2021-01-04',4)");
  }
  const auto file = OpenDump(Write("long.sql", dump + ";\n")).value();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const sql_dump::DumpContent content, ReadDumpContent(*file));
  const auto prices = DumpPriceSource::Open(*file, content.schema).value();
  PriceText price;
  for (int i = 0; i < 70'003; ++i) ASSERT_THAT(prices->Next(price), IsOkAndHolds(true));
  EXPECT_EQ(prices->LineOfRow(2), 10);
  EXPECT_EQ(prices->LineOfRow(60'000), 12);
  EXPECT_EQ(prices->LineOfRow(70'000), 0);
}

TEST_F(DumpPriceSourceTest, ReadsAPipeTwice) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(Path("pipe")) << kDump; });
  const auto file = OpenDump(Path("pipe")).value();
  writer.join();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ReadDumpContent(*file).value().price_count, 3);
  EXPECT_EQ(file->name(), Path("pipe"));
}

TEST_F(DumpPriceSourceTest, NamesTheKindOfOtherFiles) {
  std::filesystem::create_directories(Path("folder"));
  Write("folder/toc.dat", "PGDMP");
  const absl::Status folder = OpenDump(Path("folder")).status();
  EXPECT_THAT(folder.message(), HasSubstr("pg_restore -f dump.sql DIRECTORY"));
  EXPECT_EQ(ReasonOf(folder), kContentReason);
  const std::string tar = std::string(257, '\0') + "ustar  " + std::string(300, '\0');
  for (const auto& [text, words] :
       {std::pair<std::string, const char*>{"PGDMP\x01\x0e", "pg_dump's custom format"},
        {tar, "tar archive"},
        {std::string("\xff\xfe-\0-\0", 6), "UTF-16"},
        {std::string("-\0-\0 \0", 6), "UTF-16"},
        {"PK\x03\x04....", "zip"},
        {"origin,destination,day,price\nCNSHA,NLRTM,2026-01-01,1\n", "fairway upload"},
        {"\xef\xbb\xbf\"Origin\";\"Destination\";\"Day\";\"Price\"\r\n", "CSV"},
        {"sep=;\nfoo\n", "CSV"},
        {"kind\tcode\tname\tparent\n", "fairway locations import"},
        {"\x7f"
         "ELF\x02\x01",
         "no dump in SQL"},
        {"{\"origin\": 1}", "no dump in SQL"},
        {"<html>", "no dump in SQL"},
        {"\xe4\xbb\xb7,x\n", "no dump in SQL"},
        {"", "it is empty"}}) {
    const auto file = OpenDump(Write("x", text)).value();
    const absl::Status status = ReadDumpContent(*file).status();
    EXPECT_THAT(status.message(), HasSubstr(words));
    EXPECT_EQ(ReasonOf(status), kContentReason);
  }
}

// Wherever it is cut, even where the remaining text is a complete dump.
TEST_F(DumpPriceSourceTest, RefusesATruncatedDump) {
  for (const char* name : {"cut.sql.gz", "cut.sql.zst"}) {
    const std::string path = Write(name, kDump);
    FAIRWAY_ASSERT_OK(ReadDumpContent(*OpenDump(path).value()).status());
    for (auto size = std::filesystem::file_size(path); size > 0; --size) {
      std::filesystem::resize_file(path, size - 1);
      EXPECT_FALSE(ReadDumpContent(*OpenDump(path).value()).ok()) << name << " of " << size - 1;
    }
  }
}

}  // namespace
}  // namespace fairway::price_files
