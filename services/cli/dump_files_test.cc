#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "services/cli/dump_file.h"
#include "services/cli/exit_code.h"
#include "services/cli/location_moves.h"
#include "services/cli/text_writer.h"

// Dumps as files, pipes and folders; what they mean is tested in libs/sql_dump.
namespace fairway::cli {
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

class DumpFilesTest : public ::testing::Test {
 protected:
  DumpFilesTest() { std::filesystem::create_directories(folder_); }
  ~DumpFilesTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return absl::StrCat(folder_, "/", name); }
  std::string Write(const std::string& name, absl::string_view text) const {
    auto writer = TextWriter::Open(Path(name)).value();
    FAIRWAY_EXPECT_OK(writer->Write(text));
    FAIRWAY_EXPECT_OK(writer->Close());
    return Path(name);
  }
  static absl::StatusOr<sql_dump::DumpContent> ReadContent(const SpooledFile& file) {
    ASSIGN_OR_RETURN(const auto text, DumpTextSource::Open(file));
    return sql_dump::ReadDumpContent(*text);
  }

  const std::string folder_ = absl::StrCat(::testing::TempDir(), "fairway-dumps-", ::getpid());
};

TEST_F(DumpFilesTest, AreReadTwiceWhateverTheirCompression) {
  for (const char* name : {"a.sql", "a.sql.gz", "a.sql.zst"}) {
    SCOPED_TRACE(name);
    const auto file = OpenDump(Write(name, kDump)).value();
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const sql_dump::DumpContent content, ReadContent(*file));
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

// Several rows of an INSERT in one line: each changes how far lines and rows are apart.
TEST_F(DumpFilesTest, LinesThatAreNotKeptAreNotInvented) {
  std::string dump(kDump);
  dump += "INSERT INTO public.prices VALUES ";
  for (int i = 0; i < 70'000; ++i) {
    absl::StrAppend(&dump, i == 0 ? "" : ",", "('CNSHA','CNSHA','2021-01-04',4)");
  }
  const auto file = OpenDump(Write("long.sql", dump + ";\n")).value();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const sql_dump::DumpContent content, ReadContent(*file));
  const auto prices = DumpPriceSource::Open(*file, content.schema).value();
  PriceText price;
  for (int i = 0; i < 70'003; ++i) ASSERT_THAT(prices->Next(price), IsOkAndHolds(true));
  EXPECT_EQ(prices->LineOfRow(2), 10);
  EXPECT_EQ(prices->LineOfRow(60'000), 12);
  EXPECT_EQ(prices->LineOfRow(70'000), 0);
}

TEST_F(DumpFilesTest, APipeIsReadTwice) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(Path("pipe")) << kDump; });
  const auto file = OpenDump(Path("pipe")).value();
  writer.join();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ReadContent(*file).value().price_count, 3);
  EXPECT_EQ(file->name(), Path("pipe"));
}

TEST_F(DumpFilesTest, WhatIsNoPlainDumpIsNamed) {
  std::filesystem::create_directories(Path("folder"));
  Write("folder/toc.dat", "PGDMP");
  const absl::Status folder = OpenDump(Path("folder")).status();
  EXPECT_THAT(folder.message(), HasSubstr("pg_restore -f dump.sql DIRECTORY"));
  EXPECT_EQ(ExitCodeOf(folder), ExitCode::kFile);
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
    const absl::Status status = ReadContent(*file).status();
    EXPECT_THAT(status.message(), HasSubstr(words));
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
  }
}

// Wherever that is, also where the text that is left is a whole dump.
TEST_F(DumpFilesTest, ACompressedDumpThatIsCutOffIsRefused) {
  for (const char* name : {"cut.sql.gz", "cut.sql.zst"}) {
    const std::string path = Write(name, kDump);
    FAIRWAY_ASSERT_OK(ReadContent(*OpenDump(path).value()).status());
    for (auto size = std::filesystem::file_size(path); size > 0; --size) {
      std::filesystem::resize_file(path, size - 1);
      EXPECT_FALSE(ReadContent(*OpenDump(path).value()).ok()) << name << " of " << size - 1;
    }
  }
}

TEST(LocationMovesTest, NamesRegionsThatLoseAllTheirPorts) {
  const auto location = [](const char* code, const char* parent, v1::LocationKind kind) {
    v1::Location made;
    made.set_code(code);
    made.set_parent(parent);
    made.set_kind(kind);
    return made;
  };
  const std::vector<v1::Location> held = {
      location("world", "", v1::LOCATION_KIND_REGION),
      location("europe", "world", v1::LOCATION_KIND_REGION),
      location("north_europe", "europe", v1::LOCATION_KIND_REGION),
      location("empty", "europe", v1::LOCATION_KIND_REGION),
      location("NLRTM", "north_europe", v1::LOCATION_KIND_PORT)};
  v1::ImportLocationsRequest request;
  request.add_regions()->set_slug("other");
  v1::Port* port = request.add_ports();
  port->set_code("NLRTM");
  port->set_parent("other");
  const std::string moves =
      "1 port and 0 regions that are here already move: NLRTM from north_europe to other";
  EXPECT_EQ(DescribeMoves(held, request),
            moves + "; no port is left in europe, north_europe, world");
  port = request.add_ports();
  port->set_code("DEHAM");
  port->set_parent("north_europe");
  EXPECT_EQ(DescribeMoves(held, request), moves);
}

TEST(LocationMovesTest, NamesTheFirstFew) {
  std::vector<v1::Location> held(5);
  v1::ImportLocationsRequest request;
  for (int i = 0; i < 4; ++i) {
    held[i].set_code(absl::StrCat("PORT", i));
    held[i].set_parent("old");
    v1::Port* port = request.add_ports();
    port->set_code(absl::StrCat("PORT", i));
    port->set_parent(i == 0 ? "old" : "new");
  }
  held[4].set_code("old");
  held[4].set_parent("world");
  request.add_regions()->set_slug("old");
  request.add_regions()->set_slug("new");
  EXPECT_EQ(DescribeMoves(held, request),
            "3 ports and 1 region that are here already move: old from world to the top, PORT1 "
            "from old to new, PORT2 from old to new, …");
  EXPECT_EQ(DescribeMoves({}, request), "");
}

}  // namespace
}  // namespace fairway::cli
