#include "libs/sql_dump/testing/dump_cases.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace fairway::sql_dump::testing {
namespace {

// Lines 1 to 5: the tables, each column in its line so that what follows has small numbers.
constexpr const char* kTables =
    "CREATE TABLE public.regions (slug text NOT NULL, name text NOT NULL, parent_slug text);\n"
    "CREATE TABLE public.ports (code text NOT NULL, name text NOT NULL, parent_slug text NOT "
    "NULL);\n"
    "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);\n"
    "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
    "INSERT INTO public.ports VALUES ('CNSHA', 'Shanghai', 'asia'), ('NLRTM', 'Rotterdam', "
    "'asia');\n";

constexpr const char* kCopy = "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n";
constexpr const char* kPrice = "CNSHA\tNLRTM\t2021-01-01\t100\n";

DumpCase Read(const char* name, const std::string& text) {
  return {.name = name, .text = absl::StrCat(kTables, text)};
}
DumpCase Refused(const char* name, int line, const char* reason, const std::string& text) {
  return {.name = name, .text = absl::StrCat(kTables, text), .refused_at = line, .reason = reason};
}
DumpCase Whole(const char* name, int line, const char* reason, const std::string& text) {
  return {.name = name, .text = text, .refused_at = line, .reason = reason};
}

// "COPY … \.": one price, lines 6 to 8.
std::string OnePrice() { return absl::StrCat(kCopy, kPrice, "\\.\n"); }

std::string RegionCopy(absl::string_view rows) {
  return absl::StrCat(OnePrice(), "COPY public.regions (slug, name, parent_slug) FROM stdin;\n",
                      rows, "\\.\n");
}

std::vector<DumpCase> CopyCases() {
  return {
      Read("OneBlock", OnePrice()),
      Read("SeveralBlocksOfATable", OnePrice() + OnePrice() + OnePrice()),
      Read("ColumnsInAnyOrderAndMoreOfThem",
           "ALTER TABLE public.prices ADD COLUMN note text;\n"
           "COPY public.prices (note, price, day, dest_code, orig_code) FROM stdin;\n"
           "a\\tb\t7\t2021-01-02\tNLRTM\tCNSHA\n\\N\t8\t2021-01-03\tCNSHA\tNLRTM\n\\.\n"),
      Read("NoColumnList", "COPY public.prices FROM stdin;\n" + std::string(kPrice) + "\\.\n"),
      Read("Escapes", RegionCopy("x1\ta\\303\\251\\x41\\b\\f\\n\\r\\t\\v\\\\\\q\\N!end\t\\N\n"
                                 "x2\t\\\\N\\\\.\tasia\n")),
      Read("EscapesOfAllLengths", RegionCopy("x1\t\\1018\\778\\x4g\\x411\\xg\t\\N\n")),
      Read("ALineBreakBehindABackslash", RegionCopy("x1\tone\\\ntwo\t\\N\n")),
      Read("ATabBehindABackslash", RegionCopy("x1\tone\\\ttwo\t\\N\n")),
      Read("CarriageReturnsAtLineEnds",
           absl::StrReplaceAll(OnePrice() + OnePrice(), {{"\n", "\r\n"}})),
      Read("RowsOfOtherTables",
           "CREATE TABLE public.notes (a text, b text);\n"
           "COPY public.notes (a, b) FROM stdin;\n"
           "INSERT INTO prices\tDELETE FROM public.prices;\n\\.\n" +
               OnePrice()),
      Read("ATableWithoutRows",
           "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n"
           "\\.\n"),
      Read("BlanksAroundNumbers", absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\t +7 \n\\.\n")),
      Refused("TooFewFields", 7, "3 fields",
              absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\n\\.\n")),
      Refused("TooManyFields", 7, "5 fields",
              absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\t1\t2\n\\.\n")),
      Refused("MixedLineEnds", 8, "ends unlike",
              absl::StrCat(kCopy, kPrice, "CNSHA\tNLRTM\t2021-01-01\t1\r\n\\.\n")),
      Refused("AnEndWithinARow", 10, "within a row", RegionCopy("x1\ta\\.b\t\\N\n")),
      Refused("ANulEscape", 10, "NUL", RegionCopy("x1\ta\\000b\t\\N\n")),
      Refused("EscapesThatAreNotUtf8", 10, "not UTF-8", RegionCopy("x1\ta\\351b\t\\N\n")),
      Refused("Latin1Bytes", 10, "not UTF-8",
              RegionCopy("x1\tK\xf8"
                         "benhavn\t\\N\n")),
      Refused(
          "OptionsOfCopy", 6, "options",
          "COPY public.prices (orig_code, dest_code, day, price) FROM stdin WITH (FORMAT csv);\n"
          "CNSHA,NLRTM,2021-01-01,100\n\\.\n"),
      Refused("RowsInAnotherFile", 6, "another file",
              "COPY public.prices FROM '/tmp/prices.txt';\n"),
      Refused(
          "AColumnIsMissing", 6, "the column price",
          "COPY public.prices (orig_code, dest_code, day) FROM stdin;\nCNSHA\tNLRTM\t2021-01-01\n"
          "\\.\n"),
      Refused("CutInABlock", 6, "ends within the rows", absl::StrCat(kCopy, kPrice)),
      Refused("AFractionForAnInteger", 7, "whole number",
              absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\t100.00\n\\.\n")),
      Refused("ADayThatIsNone", 7, "2021-02-30",
              absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-02-30\t100\n\\.\n")),
      Refused("APriceOfNothing", 7, "the price 0",
              absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\t0\n\\.\n")),
      Refused("ANullPrice", 7, "NULL", absl::StrCat(kCopy, "CNSHA\tNLRTM\t2021-01-01\t\\N\n\\.\n")),
      Refused("AnUnknownPort", 8, "no port XXXXX",
              absl::StrCat(kCopy, kPrice, "CNSHA\tXXXXX\t2021-01-01\t5\n\\.\n")),
      Refused("AnUnknownParent", 10, "no region is called nowhere", RegionCopy("x1\tX\tnowhere\n")),
      Refused("ARegionTwice", 10, "twice", RegionCopy("asia\tAgain\t\\N\n")),
  };
}

std::vector<DumpCase> InsertCases() {
  const std::string insert = "INSERT INTO public.prices VALUES ";
  const std::string plain = insert + "('CNSHA', 'NLRTM', '2021-01-01', 100)";
  return {
      Read("ManyRowsAnInsert", plain + ",\n\t('NLRTM', 'CNSHA', '2021-01-02', 5),\n"
                                       "\t('NLRTM', 'CNSHA', '2021-01-02', 5);\n"),
      Read("QuotedNames",
           "INSERT INTO \"public\".\"prices\" (\"price\", \"day\", \"orig_code\", \"dest_code\") "
           "VALUES (7, '2021-01-01', 'CNSHA', 'NLRTM');\n"),
      Read("NamesInUpperCase",
           "INSERT INTO PUBLIC.Prices (ORIG_CODE, dest_code, day, price) VALUES "
           "('CNSHA', 'NLRTM', '2021-01-01', 7);\n"),
      Read("Strings", plain + ";\nINSERT INTO public.regions VALUES ('x1', 'O''Hare\\n\r\n;--/*', "
                              "NULL), ('x2', E'a\\'b\\\\c\\u00e9\\101\\x42\\t\\v', 'x1'),\n"
                              "('x3', $$it's$$, 'x1'), ('x4', $a$ $$ $b$ $a $a$, 'x1');\n"),
      Read("OldStrings", plain + ";\nSET standard_conforming_strings = off;\n"
                                 "INSERT INTO public.regions VALUES ('x1', 'a\\'b\\\\', NULL);\n"),
      Read("NumbersAsPeopleWriteThem",
           insert + "('CNSHA', 'NLRTM', '20210101', 1250.00), ('CNSHA', 'NLRTM', '2021-1-5', 1e3), "
                    "('CNSHA', 'NLRTM', '2021-01-01 13:45:10+02', '7');\n"),
      Read("OnConflictWithoutAKey", plain + " ON CONFLICT DO NOTHING;\n"),
      Refused("ACast", 6, "no plain literal",
              insert + "('CNSHA', 'NLRTM', '2021-01-01'::date, 7);\n"),
      Refused("OnConflictWithAKey", 7, "ON CONFLICT",
              "ALTER TABLE public.prices ADD UNIQUE (orig_code, dest_code);\n" + plain +
                  " ON CONFLICT DO NOTHING;\n"),
      Refused("OnConflictDoUpdate", 6, "behind the rows",
              plain + " ON CONFLICT (day) DO UPDATE SET price = 7;\n"),
      Refused("AQuery", 6, "without VALUES",
              "INSERT INTO public.prices SELECT * FROM public.prices;\n"),
      Refused("DefaultValues", 6, "without VALUES", "INSERT INTO public.prices DEFAULT VALUES;\n"),
      Refused("AnExpression", 7, "no plain literal",
              insert + "\n('CNSHA', 'NLRTM', '2021-01-01', 50 + 50);\n"),
      Refused("ADefault", 6, "no plain literal",
              insert + "('CNSHA', 'NLRTM', '2021-01-01', DEFAULT);\n"),
      Refused("TooFewValues", 6, "3 values", insert + "('CNSHA', 'NLRTM', '2021-01-01');\n"),
      Refused("AUnion", 6, "behind the rows",
              plain + " UNION ALL SELECT 'a', 'b', '2021-01-01', 1;\n"),
      Refused("CutInAnInsert", 6, "ends within", plain + ",\n"),
      Refused("CutInAString", 6, "quotes", "INSERT INTO public.prices VALUES ('CNSHA"),
      Refused("AHalfDollar", 6, "whole number",
              insert + "('CNSHA', 'NLRTM', '2021-01-01', 99.5);\n"),
  };
}

std::vector<DumpCase> ChangeCases() {
  const std::string price = OnePrice();  // Lines 6 to 8.
  std::vector<DumpCase> cases = {
      Read("ChangesBeforeThereAreRows",
           "TRUNCATE public.prices;\nDELETE FROM ONLY public.prices;\n"
           "UPDATE public.prices SET price = 1;\n" +
               price),
      Read("DropBeforeThereAreRows",
           "DROP TABLE IF EXISTS public.prices;\nCREATE TABLE public.prices (day timestamp without "
           "time zone DEFAULT now(), orig_code character varying(5) NOT NULL, dest_code "
           "character(5), price numeric(10,2));\n"
           "INSERT INTO public.prices VALUES ('2021-01-01 00:00:00', 'CNSHA', 'NLRTM', 100.00);\n"),
      Read("ChangesOfOtherTables", price +
                                       "CREATE TABLE public.notes (a text);\n"
                                       "INSERT INTO public.notes (a) SELECT 'x';\n"
                                       "INSERT INTO public.notes VALUES (lower('X') || now());\n"
                                       "UPDATE public.notes SET a = 'y';\n"
                                       "DELETE FROM public.notes;\nTRUNCATE public.notes;\n"
                                       "DROP TABLE public.notes;\n"),
      Read("ATransaction", "BEGIN;\n" + price + "COMMIT;\n"),
      Read("WordsInStringsAndComments",
           price +
               "-- DELETE FROM prices;\n/* DELETE /* FROM */ prices; */\n"
               "CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS $_$\nBEGIN\n"
               "DELETE FROM prices; COPY prices FROM stdin;\nEND $_$;\n"
               "CREATE FUNCTION public.g() RETURNS integer LANGUAGE sql BEGIN ATOMIC\n"
               "SELECT CASE WHEN true THEN 1 END;\nSELECT 2;\nEND;\n"
               "COMMENT ON TABLE public.prices IS 'INSERT; DELETE FROM prices;';\n" +
               price),
      Read("SettingsAndGrants",
           "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n" +
               price +
               "ALTER TABLE ONLY public.prices ALTER COLUMN price SET STATISTICS 100;\n"
               "ALTER TABLE public.ports OWNER TO postgres;\n"
               "ALTER TABLE ONLY public.ports ADD CONSTRAINT k PRIMARY KEY (code);\n"
               "CREATE INDEX i ON public.prices USING btree (day);\n"
               "GRANT ALL ON TABLE public.prices TO PUBLIC;\nANALYZE public.prices;\n"
               "SELECT pg_catalog.count(*) FROM public.prices;\n"),
      Read("CommandsOfPsql", "\\set ON_ERROR_STOP on\n\\echo hello; world\n\\restrict abc\n" +
                                 price + "\\unrestrict abc\n"),
      Refused(
          "ATriggerBeforeRows", 10, "trigger",
          "CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; "
          "END';\nCREATE TRIGGER t BEFORE INSERT ON public.prices FOR EACH ROW EXECUTE FUNCTION "
          "public.t();\n\n\n" +
              price),
      Refused("AViewIsChanged", 10, "a view",
              price + "CREATE VIEW public.v AS SELECT * FROM public.prices;\n"
                      "DELETE FROM public.v;\n"),
      Refused("ATransactionThatIsNotCommitted", 6, "not committed", "BEGIN;\n" + price),
      Refused("CutInAStatement", 9, "ends within the statement",
              price + "ALTER TABLE public.prices\n"),
      Refused("CutInAComment", 9, "comment", price + "/* /* */\n"),
      Whole("CutBehindABlock", 0, "cut off",
            "--\n-- PostgreSQL database dump\n--\n\n" + std::string(kTables) + price),
  };
  for (const char* statement :
       {"DELETE FROM public.prices WHERE price = 1",
        "UPDATE public.prices SET price = 1",
        "TRUNCATE TABLE ONLY public.prices",
        "TRUNCATE public.ports CASCADE",
        "MERGE INTO public.prices USING public.ports ON true WHEN MATCHED THEN DELETE",
        "DROP TABLE public.prices",
        "DROP SCHEMA public CASCADE",
        "ROLLBACK",
        "DO $$ BEGIN DELETE FROM public.prices; END $$",
        "CALL public.change()",
        "SELECT public.change()",
        "WITH d AS (DELETE FROM public.prices RETURNING 1) SELECT 1 FROM d",
        "PREPARE p AS DELETE FROM public.prices",
        "EXECUTE p",
        "EXPLAIN ANALYZE DELETE FROM public.prices",
        "ALTER TABLE public.prices RENAME TO old_prices",
        "ALTER TABLE public.prices RENAME COLUMN price TO dollars",
        "ALTER TABLE public.prices ALTER COLUMN price TYPE bigint USING price * 2",
        "ALTER TABLE public.prices DROP COLUMN price",
        "ALTER TABLE public.prices SET SCHEMA archive",
        "ALTER SCHEMA public RENAME TO other",
        "\\i other.sql",
        "\\copy public.prices from 'x'",
        "\\set x 1",
        "SELECT * INTO public.other FROM public.prices",
        "COPY (DELETE FROM public.prices RETURNING *) TO STDOUT",
        "WITH d AS (UPDATE public.prices SET price = 1 RETURNING 1) SELECT substring('a' FOR 1)",
        "CREATE TABLE public.other AS SELECT public.change()",
        "COPY public.x FROM PROGRAM 'psql'",
        "INSERT INTO public.x SELECT public.change()",
        "INSERT INTO public.x VALUES (change())",
        "IMPORT FOREIGN SCHEMA s FROM SERVER t INTO public"}) {
    cases.push_back(
        {.name = absl::StrCat("Refuses", cases.size()),
         .text = absl::StrCat(kTables, price, statement, statement[0] == '\\' ? "\n" : ";\n"),
         .refused_at = 9});
  }
  return cases;
}

std::vector<DumpCase> SchemaCases() {
  const std::string archive = absl::StrReplaceAll(
      absl::StrCat("CREATE SCHEMA archive;\n", kTables, OnePrice()), {{"public.", "archive."}});
  const std::string unqualified =
      absl::StrReplaceAll(absl::StrCat(kTables, OnePrice()), {{"public.", ""}});
  return {
      Read("AnotherSchemaBeside", OnePrice() + archive + "DELETE FROM archive.prices;\n"),
      Read("SearchPath",
           OnePrice() + "CREATE SCHEMA archive;\nSET search_path = archive, pg_catalog;\n" +
               unqualified + "SET search_path = public, pg_catalog;\n" +
               "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n" + kPrice + "\\.\n"),
      Whole("AnotherSchemaAlone", -1, "", archive),
      Whole("TwoOtherSchemas", 11, "both have",
            archive + absl::StrReplaceAll(archive, {{"archive", "copies"}})),
      Whole("TwoDatabases", 0, "both have",
            "\\connect one\n" + std::string(kTables) + OnePrice() + "\\connect two\n" + kTables +
                OnePrice()),
      Whole("NoTables", 0, "missing", "SELECT 1;\n"),
      Whole("NoPrices", 1, "prices missing",
            "CREATE TABLE public.ports (code text);\n"
            "CREATE TABLE public.regions (slug text);\n"),
      Refused("AnEmptySearchPath", 7, "search_path",
              "SELECT pg_catalog.set_config('search_path', '', false);\n"
              "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n" +
                  std::string(kPrice) + "\\.\n"),
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
            std::string(kTables) +
                "CREATE TABLE public.more (note text) INHERITS (public.prices);\n"
                "COPY public.more (orig_code, dest_code, day, price, note) FROM "
                "stdin;\nCNSHA\tNLRTM\t2021-01-01\t9\tx\n\\.\n" +
                OnePrice()),
      Whole("DataOnlyOfPartitions", 3, "partition-root",
            "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
            "INSERT INTO public.ports VALUES ('CNSHA', 'S', 'asia');\n"
            "COPY public.old (orig_code, dest_code, day, price) FROM stdin;\n\\.\n"),
  };
}

}  // namespace

std::vector<DumpCase> DumpCases() {
  std::vector<DumpCase> all;
  for (const std::vector<DumpCase>& cases :
       {CopyCases(), InsertCases(), ChangeCases(), SchemaCases(), PartitionCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace fairway::sql_dump::testing
