#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

std::vector<DumpCase> SchemaCases() {
  const std::string archive = absl::StrReplaceAll(
      absl::StrCat("CREATE SCHEMA archive;\n", kDumpTables, OnePrice()), {{"public.", "archive."}});
  const std::string unqualified =
      absl::StrReplaceAll(absl::StrCat(kDumpTables, OnePrice()), {{"public.", ""}});
  const std::string two_prices =
      "CREATE SCHEMA archive;\nCREATE TABLE archive.prices (LIKE public.prices);\n";
  const std::string insert = "INSERT INTO prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', 5);\n";
  return {
      Read("AnotherSchemaBeside", OnePrice() + archive + "DELETE FROM archive.prices;\n"),
      Read("SearchPath", OnePrice() +
                             "CREATE SCHEMA archive;\nSET search_path = archive, pg_catalog;\n" +
                             unqualified + "SET search_path = public, pg_catalog;\n" +
                             "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n" +
                             kPriceLine + "\\.\n"),
      Whole("AnotherSchemaAlone", -1, "", archive),
      Whole("TwoOtherSchemas", 11, "both have",
            archive + absl::StrReplaceAll(archive, {{"archive", "copies"}})),
      Whole("TwoDatabases", 0, "both have",
            "\\connect one\n" + std::string(kDumpTables) + OnePrice() + "\\connect two\n" +
                kDumpTables + OnePrice()),
      Whole("NoTables", 0, "missing", "SELECT 1;\n"),
      Whole("NoPrices", 1, "prices missing",
            "CREATE TABLE public.ports (code text);\n"
            "CREATE TABLE public.regions (slug text);\n"),
      Refused("AnEmptySearchPath", 7, "search_path",
              "SELECT pg_catalog.set_config('search_path', '', false);\n"
              "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n" +
                  std::string(kPriceLine) + "\\.\n"),
      Read("ASchemaOfTheSearchPathThatMayNotBe",
           absl::StrCat("SET search_path = app, public;\n",
                        "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n", kPriceLine,
                        "\\.\n")),
      Whole(
          "TablesInASchemaThatMayNotBe", 2, "search_path",
          absl::StrCat("SET search_path = app, public;\n", unqualified,
                       "INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', 5);\n")),
      Refused("APriceOfTheUserOrOfPublic", 8, "user's name", two_prices + insert),
      Refused("TheUserBeforePublic", 9, "user's name",
              two_prices + "SET search_path = \"$user\", public;\n" + insert),
      Refused(
          "TheUserByItsSetting", 9, "user's name",
          two_prices + "SELECT set_config('search_path', '\"$user\", public', false);\n" + insert),
      Refused("TheUserAgainByDefault", 10, "user's name",
              two_prices + "SET search_path = public;\nRESET search_path;\n" + insert),
      Refused("RowsOfTheUserOrOfPublicAreDeleted", 11, "user's name",
              OnePrice() + two_prices + "DELETE FROM prices;\n"),
      Refused("ATableOfTheUserOrOfPublicIsDropped", 11, "user's name",
              OnePrice() + two_prices + "DROP TABLE prices;\n"),
      Refused("ATableOfTheUserOrOfPublicIsAltered", 11, "user's name",
              OnePrice() + two_prices + "ALTER TABLE prices RENAME TO old;\n"),
      Refused("AChildOfTheUsersTableOrOfPublics", 11, "user's name",
              OnePrice() + two_prices + "CREATE TABLE more () INHERITS (prices);\n"),
      Refused("ARuleOfTheUsersTableOrOfPublics", 11, "user's name",
              OnePrice() + two_prices + "CREATE RULE r AS ON DELETE TO prices DO NOTHING;\n"),
      Refused("ANewTableOfTheUserOrOfPublic", 9, "user's name",
              two_prices + "DROP TABLE public.prices;\n" +
                  "CREATE TABLE prices (orig_code text, dest_code text, day date, price "
                  "integer);\n"),
      Read("TheUserBehindPublic", two_prices + "SET search_path = public, \"$user\";\n" + insert),
      Read("NoUserInTheSearchPath", two_prices + "SET search_path = public;\n" + insert),
      Read("TheUserWhereOnlyPublicHasPrices",
           "CREATE SCHEMA archive;\nSET search_path = \"$user\", public;\n" + insert),
      Read("Encodings", OnePrice() + "SET client_encoding = 'WIN1252';\n"
                                     "INSERT INTO public.regions VALUES ('x1', 'K\xf8"
                                     "ben \x80', NULL);\n"
                                     "SET client_encoding TO latin1;\n"
                                     "COPY public.regions (slug, name, parent_slug) FROM stdin;\n"
                                     "x2\t\xc5land\\303\\251\tx1\n\\.\n"),
      Refused("AnEncodingThatIsNotRead", 6, "--encoding=UTF8", "SET client_encoding = 'SJIS';\n"),
      Refused("ACharacterThatIsNone", 10, "client_encoding",
              "SET client_encoding = 'WIN1252';\n" + OnePrice() +
                  "INSERT INTO public.regions VALUES ('x1', 'K\x81', NULL);\n"),
  };
}

std::vector<DumpCase> PartitionCases() {
  const std::string tables =
      "CREATE TABLE public.regions (slug text, name text, parent_slug text);\n"
      "CREATE TABLE public.ports (code text, name text, parent_slug text);\n"
      "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer) "
      "PARTITION BY RANGE (day);\n"
      "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
      "INSERT INTO public.ports VALUES ('CNSHA', 'S', 'asia'), ('NLRTM', 'R', 'asia');\n";
  const std::string child =
      "CREATE TABLE public.old (price integer, day date, dest_code text, orig_code text);\n";
  const std::string attach =
      "ALTER TABLE ONLY public.prices ATTACH PARTITION public.old FOR VALUES FROM ('2020-01-01') "
      "TO "
      "('2022-01-01');\n";
  const std::string insert = "INSERT INTO public.old VALUES (7, '2021-01-01', 'CNSHA', 'NLRTM');\n";
  const std::string through_root =
      "INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', 8);\n";
  return {
      Whole("Attached", -1, "", tables + child + attach + insert + through_root),
      Whole("PartitionOf", -1, "",
            tables +
                "CREATE TABLE public.old PARTITION OF public.prices DEFAULT PARTITION BY LIST "
                "(price);\nCREATE TABLE public.older PARTITION OF public.old DEFAULT;\n"
                "INSERT INTO public.older VALUES ('CNSHA', 'NLRTM', '2021-01-01', 7);\n" +
                through_root),
      Whole("AttachedTooLate", 8, "passed over", tables + child + insert + attach),
      Whole("Detached", 9, "moves rows",
            tables + child + attach + insert +
                "ALTER TABLE public.prices DETACH PARTITION public.old;\n"),
      Whole("APartitionIsEmptied", 9, "TRUNCATE",
            tables + child + attach + insert + "TRUNCATE public.old;\n"),
      Whole("Inherited", -1, "",
            std::string(kDumpTables) +
                "CREATE TABLE public.more (note text) INHERITS (public.prices);\n"
                "COPY public.more (orig_code, dest_code, day, price, note) FROM "
                "stdin;\nCNSHA\tNLRTM\t2021-01-01\t9\tx\n\\.\n" +
                OnePrice()),
      Whole(
          "ATriggerOnAPartition", 10, "trigger",
          tables + child + attach +
              "CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; "
              "END';\nCREATE TRIGGER t BEFORE INSERT ON public.old FOR EACH ROW EXECUTE FUNCTION "
              "public.t();\n" +
              through_root),
      Whole("OnConflictInAPartition", 9, "ON CONFLICT",
            tables + child + attach + "ALTER TABLE public.prices ADD UNIQUE (day);\n" +
                "INSERT INTO public.old VALUES (7, '2021-01-01', 'CNSHA', 'NLRTM') ON CONFLICT DO "
                "NOTHING;\n"),
      Whole("DataOnlyOfPartitions", 3, "partition-root",
            "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
            "INSERT INTO public.ports VALUES ('CNSHA', 'S', 'asia');\n"
            "COPY public.old (orig_code, dest_code, day, price) FROM stdin;\n\\.\n"),
  };
}

}  // namespace fairway::sql_dump::testing
