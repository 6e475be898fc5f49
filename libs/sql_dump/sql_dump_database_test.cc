// What is read of a dump, against PostgreSQL: the same file goes through psql.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/sql_dump/dump_content.h"
#include "libs/sql_dump/escapes.h"
#include "libs/sql_dump/testing/dump_cases.h"
#include "libs/sql_dump/testing/string_source.h"
#include "tests/support/test_cluster.h"
#include "tests/support/test_database.h"

namespace fairway::sql_dump {
namespace {

using Rows = std::vector<std::string>;
using fairway::testing::IsOkAndHolds;
using testing::DumpCase;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StringSource;

constexpr const char* kNothing = "\\N";

// The three tables as lines, sorted: what is read of `dump`.
absl::StatusOr<Rows> ReadRows(const std::string& dump) {
  constexpr size_t kPieceBytes = 61;
  StringSource first(dump, kPieceBytes);
  ASSIGN_OR_RETURN(const DumpContent content, ReadDumpContent(first));
  Rows rows;
  for (const auto& [kind, locations] :
       {std::pair("region", &content.regions), std::pair("port", &content.ports)}) {
    for (const DumpLocation& location : *locations) {
      rows.push_back(absl::StrJoin({std::string(kind), location.code, location.name,
                                    location.parent.empty() ? kNothing : location.parent},
                                   "|"));
    }
  }
  StringSource second(dump, kPieceBytes);
  DumpPrices prices(second, content.schema);
  DumpPrice price;
  int64_t count = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, prices.Next(price));
    if (!more) break;
    ++count;
    rows.push_back(absl::StrCat("price|", price.origin, "|", price.destination, "|",
                                FormatDay(price.day), "|", price.price));
  }
  EXPECT_EQ(count, content.price_count);
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Prints the three tables of the schema it is formatted with, a row a line in hexadecimal.
constexpr absl::string_view kSelect =
    "SET search_path = $0; SET datestyle = ISO;\n"
    "SELECT encode(convert_to(line, 'UTF8'), 'hex') FROM (SELECT 'region|' || slug || '|' || name "
    "|| '|' || coalesce(parent_slug, chr(92) || 'N') AS line FROM regions UNION ALL SELECT 'port|' "
    "|| code "
    "|| '|' || name || '|' || parent_slug FROM ports UNION ALL SELECT 'price|' || orig_code || '|' "
    "|| dest_code || '|' || day::date || '|' || price::bigint FROM prices) AS lines;\n";

std::string FromHex(absl::string_view hex) {
  std::string text;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    text.push_back(static_cast<char>(ValueOf(hex.substr(i, 2), 16)));
  }
  return text;
}

class SqlDumpDatabaseTest : public ::testing::Test {
 protected:
  SqlDumpDatabaseTest() { std::filesystem::create_directories(folder_); }
  ~SqlDumpDatabaseTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, absl::string_view text) const {
    const std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static std::string Slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Runs a program of PostgreSQL's on a database; returns what it prints.
  std::string Run(const std::string& program, const std::string& database,
                  const std::string& arguments) const {
    const char* folder = std::getenv("FAIRWAY_POSTGRES_BIN");
    const postgres::ConnectionOptions options = database_.options();
    const std::string output = absl::StrCat(folder_, "/output");
    const std::string command =
        absl::StrCat("PGHOST=", options.host, " PGPORT=", options.port, " PGUSER=", options.user,
                     " PGOPTIONS='-c client_min_messages=error' ",
                     folder == nullptr ? "/usr/lib/postgresql/15/bin" : folder, "/", program,
                     " -d ", database, " ", arguments, " >", output, " 2>", folder_, "/errors");
    EXPECT_EQ(std::system(command.c_str()), 0) << command << "\n" << Slurp(folder_ + "/errors");
    return Slurp(output);
  }

  // A file that psql loads, and the schema whose tables it fills.
  struct Load {
    std::string path;
    std::string schema = "public";
  };
  // The tables after each of the loads, every one in an empty database and a session of its own.
  // One psql does all of it, because starting one takes longer than a load.
  std::vector<Rows> LoadAll(const std::vector<Load>& loads) const {
    const std::string reset = Write(
        "reset.sql", absl::StrCat("\\connect ", database_.name(),
                                  "\nDROP SCHEMA IF EXISTS archive CASCADE; DROP SCHEMA public "
                                  "CASCADE; CREATE SCHEMA public;\n\\echo =\n"));
    std::string arguments = "-X -q -A -t -v ON_ERROR_STOP=1";
    for (const Load& load : loads) {
      const std::string select = Write(absl::StrCat("select-", load.schema, ".sql"),
                                       absl::Substitute(kSelect, load.schema));
      absl::StrAppend(&arguments, " -f ", reset, " -f ", load.path, " -f ", select);
    }
    std::vector<Rows> tables;
    for (const absl::string_view line :
         absl::StrSplit(Run("psql", database_.name(), arguments), '\n', absl::SkipEmpty())) {
      constexpr size_t kLengthMin = 16;  // What dumps print is shorter.
      if (line == "=") {
        tables.emplace_back();
      } else if (line.size() > kLengthMin) {
        tables.back().push_back(FromHex(line));
      }
    }
    for (Rows& rows : tables) std::sort(rows.begin(), rows.end());
    EXPECT_EQ(tables.size(), loads.size());
    tables.resize(loads.size());
    return tables;
  }

  const std::string folder_ = absl::StrCat(::testing::TempDir(), "fairway-sql-dump-", ::getpid());
  const fairway::testing::TestDatabase database_;
};

TEST_F(SqlDumpDatabaseTest, DumpsWrittenByHandMeanWhatPsqlMakesOfThem) {
  std::vector<DumpCase> cases = testing::DumpCases();
  std::erase_if(cases, [](const DumpCase& dump) { return dump.refused_at >= 0; });
  ASSERT_GT(cases.size(), 25);
  std::vector<Load> loads;
  for (const DumpCase& dump : cases) {
    loads.push_back({.path = Write(dump.name + ".sql", dump.text)});
    if (dump.name == "AnotherSchemaAlone") loads.back().schema = "archive";
  }
  const std::vector<Rows> expected = LoadAll(loads);
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_THAT(ReadRows(cases[i].text), IsOkAndHolds(expected[i])) << cases[i].name;
  }
}

// What pg_dump can be asked for.
struct Options {
  size_t style = 0;  // Of kStyles.
  bool is_partitioned = false;
  bool is_quoted = false;
  bool is_data_only = false;
  bool is_latin1 = false;
  bool is_through_root = false;
};

constexpr std::array kStyles = {"", "--inserts", "--column-inserts", "--rows-per-insert=2",
                                "--column-inserts --rows-per-insert=3 --on-conflict-do-nothing"};

// All combinations where that is asked for; else a quarter of them, in which any three options meet
// in every way.
std::vector<Options> Combinations() {
  const bool wants_all = std::getenv("FAIRWAY_TEST_LARGE") != nullptr;
  std::vector<Options> chosen;
  for (size_t style = 0; style < kStyles.size(); ++style) {
    for (int bits = 0; bits < 32; ++bits) {
      const auto bit = [bits](int i) { return (bits >> i & 1) != 0; };
      const bool is_chosen = (bit(0) ^ bit(1) ^ bit(2)) == ((style & 1) != 0) &&
                             (bit(2) ^ bit(3) ^ bit(4)) == ((style & 2) != 0);
      if (wants_all || is_chosen) chosen.push_back({style, bit(0), bit(1), bit(2), bit(3), bit(4)});
    }
  }
  return chosen;
}

constexpr absl::string_view kPricesTable =
    "CREATE TABLE prices (orig_code text NOT NULL, dest_code text NOT NULL, day date NOT NULL, "
    "price integer NOT NULL)";
constexpr absl::string_view kPartitions =
    " PARTITION BY RANGE (day);\n"
    "CREATE TABLE prices_2020 PARTITION OF prices FOR VALUES FROM ('2020-01-01') TO "
    "('2021-01-01');\n"
    "CREATE TABLE prices_rest PARTITION OF prices DEFAULT PARTITION BY LIST (orig_code);\n"
    "CREATE TABLE prices_last PARTITION OF prices_rest DEFAULT";

// Names that every kind of quoting stumbles over.
constexpr absl::string_view kContent =
    ";\nCREATE TABLE regions (slug text NOT NULL PRIMARY KEY, name text NOT NULL, parent_slug "
    "text);\n"
    "CREATE TABLE ports (code text NOT NULL, name text NOT NULL, parent_slug text NOT NULL);\n"
    "CREATE TABLE \"Odd \"\"table\"\"\" (\"a;b\" text);\n"
    "INSERT INTO \"Odd \"\"table\"\"\" VALUES ('x'), (E'INSERT INTO public.prices\\n\\\\.');\n"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN DELETE FROM prices; "
    "RETURN NULL; END $_$;\n"
    "CREATE FUNCTION g() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;\n"
    "CREATE VIEW v AS SELECT * FROM prices;\n"
    "INSERT INTO regions VALUES ('r0', E'tab\\there, line\\nbreak, \\r return', NULL),\n"
    "('r1', E'back\\\\slash \\\\. \\\\N \\\\n \\'quotes\\' \"double\" ''two''', 'r0'),\n"
    "('r2', E'$$ $_$ $1; -- not a comment /* nor this */', 'r0'), ('r3', E'\\\\N', 'r1'),\n"
    "('r4', E'\\\\.', 'r1'), ('r5', E'\\x01\\b\\f\\x0b\\x1b\\x7f', 'r1'),\n"
    "('r6', E'K\\u00f8benhavn \\u00ff\\u00a0', 'r2'), ('r7', ' blanks ', 'r2'), ('r8', '$0', "
    "'r2');\n"
    "INSERT INTO ports VALUES ('CNSHA', 'Sha;ng''hai', 'r8'), ('NLRTM', E'\\n', 'r3');\n"
    "INSERT INTO prices VALUES ('CNSHA', 'NLRTM', '2020-02-29', 1), ('CNSHA', 'NLRTM', "
    "'2020-02-29', 1), ('NLRTM', 'CNSHA', '2100-12-31', 10000000), ('CNSHA', 'CNSHA', "
    "'1990-01-01', 7), ('NLRTM', 'NLRTM', '2021-06-01', 8), ('NLRTM', 'CNSHA', '2021-06-01', 9);\n"
    "CREATE TRIGGER t AFTER INSERT ON ports FOR EACH ROW EXECUTE FUNCTION f();\n"
    "CREATE UNIQUE INDEX ON ports (code);\nALTER TABLE ports ADD FOREIGN KEY (parent_slug) "
    "REFERENCES regions ON DELETE CASCADE;\n";
constexpr size_t kContentRows = 9 + 2 + 6;

class PgDumpDatabaseTest : public SqlDumpDatabaseTest {
 protected:
  struct Dump {
    std::string arguments;
    std::string text;
    bool is_parent_unknown = false;  // Rows of partitions, without the word that they are some.
  };

  // The dumps of one database, with what loads each.
  void Make(bool is_partitioned, bool is_latin1) {
    const fairway::testing::TestDatabase source;
    const std::string content = absl::StrReplaceAll(kContent, {{"$0", is_latin1 ? "x" : "上海"}});
    const std::string tables =
        absl::StrCat(kPricesTable, is_partitioned ? kPartitions : "", content);
    Run("psql", source.name(), "-X -q -v ON_ERROR_STOP=1 -f " + Write("source.sql", tables));
    const std::string pre_data = Run("pg_dump", source.name(), "--section=pre-data");
    for (const Options& options : Combinations()) {
      if (options.is_partitioned != is_partitioned || options.is_latin1 != is_latin1) continue;
      const std::string arguments = absl::StrCat(
          kStyles[options.style], options.is_quoted ? " --quote-all-identifiers" : "",
          options.is_data_only ? " --data-only" : "", is_latin1 ? " --encoding=LATIN1" : "",
          options.is_through_root ? " --load-via-partition-root" : "");
      const Dump& dump = dumps_.emplace_back(Dump{
          .arguments = arguments,
          .text = Run("pg_dump", source.name(), arguments),
          .is_parent_unknown = is_partitioned && options.is_data_only && !options.is_through_root});
      loads_.push_back({.path = Write(absl::StrCat(loads_.size(), ".sql"),
                                      (options.is_data_only ? pre_data : "") + dump.text)});
    }
  }

  std::vector<Dump> dumps_;
  std::vector<Load> loads_;
};

TEST_F(PgDumpDatabaseTest, WhatPgDumpMakesMeansWhatPsqlMakesOfIt) {
  for (const bool is_partitioned : {false, true}) {
    for (const bool is_latin1 : {false, true}) Make(is_partitioned, is_latin1);
  }
  const std::vector<Rows> expected = LoadAll(loads_);
  int equal = 0;
  for (size_t i = 0; i < dumps_.size(); ++i) {
    SCOPED_TRACE(dumps_[i].arguments);
    ASSERT_THAT(expected[i], SizeIs(kContentRows));
    const absl::StatusOr<Rows> read = ReadRows(dumps_[i].text);
    if (dumps_[i].is_parent_unknown) {
      EXPECT_THAT(read.status().message(), HasSubstr("prices"));
    } else {
      EXPECT_THAT(read, IsOkAndHolds(expected[i]));
      // No statement of it is in doubt.
      const std::string transaction = absl::StrCat("BEGIN;\n", dumps_[i].text, "COMMIT;\n");
      EXPECT_THAT(ReadRows(transaction), IsOkAndHolds(expected[i]));
      ++equal;
    }
  }
  std::printf("%d dumps as psql loads them, %zu refused\n", equal, dumps_.size() - equal);
}

}  // namespace
}  // namespace fairway::sql_dump
