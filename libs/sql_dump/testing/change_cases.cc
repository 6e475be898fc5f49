#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

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
      // The names of the three tables in another schema do not make a view harmless.
      Refused("AViewOfTheSameNameIsEmptied", 11, "a view",
              price + "CREATE SCHEMA v;\nCREATE VIEW v.prices AS SELECT * FROM public.prices;\n"
                      "DELETE FROM v.prices;\n"),
      Refused("AViewOfAnotherTablesNameIsChanged", 11, "a view",
              price + "CREATE SCHEMA v;\nCREATE VIEW v.ports AS SELECT * FROM public.prices;\n"
                      "UPDATE v.ports SET price = price * 10;\n"),
      Refused("AViewIsInsertedInto", 11, "a view",
              price + "CREATE SCHEMA v;\nCREATE VIEW v.prices AS SELECT * FROM public.prices;\n"
                      "INSERT INTO v.prices VALUES ('2021-01-01', 'CNSHA', 'NLRTM', 1);\n"),
      Refused("AViewInTheSearchPath", 12, "a view",
              price + "CREATE SCHEMA v;\nCREATE VIEW v.prices AS SELECT * FROM public.prices;\n"
                      "SET search_path = v;\nDELETE FROM prices WHERE price = 5;\n"),
      Refused("ATriggerOfATableOfTheSameName", 13, "triggers",
              price + "CREATE SCHEMA a;\nCREATE TABLE a.prices (day date);\n"
                      "CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql AS "
                      "'BEGIN DELETE FROM public.prices; RETURN NULL; END';\n"
                      "CREATE TRIGGER t AFTER TRUNCATE ON a.prices EXECUTE FUNCTION public.t();\n"
                      "TRUNCATE a.prices;\n"),
      Refused("ATemporaryTableByItsSchema", 6, "temporary",
              "CREATE TABLE pg_temp.prices (day date);\n" + price),
      Refused("ATransactionThatIsNotCommitted", 6, "not committed", "BEGIN;\n" + price),
      Refused("CutInAStatement", 9, "ends within the statement",
              price + "ALTER TABLE public.prices\n"),
      Refused("CutInAComment", 9, "comment", price + "/* /* */\n"),
      Whole("CutBehindABlock", 0, "cut off",
            "--\n-- PostgreSQL database dump\n--\n\n" + std::string(kDumpTables) + price),
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
         .text = absl::StrCat(kDumpTables, price, statement, statement[0] == '\\' ? "\n" : ";\n"),
         .refused_at = 9});
  }
  return cases;
}

}  // namespace fairway::sql_dump::testing
