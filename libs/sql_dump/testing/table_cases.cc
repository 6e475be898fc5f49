#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {
namespace {

constexpr const char* kTriggerFunction =
    "CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n";
constexpr const char* kPricesColumns = " (orig_code text, dest_code text, day date, price integer)";

}  // namespace

// What tables are made of, and what is tied to them. One price is at lines 6 to 8, if at all.
std::vector<DumpCase> TableCases() {
  const std::string price = OnePrice();
  const std::string insert =
      "INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', 5);\n";
  const std::string columns =
      "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n" +
      std::string(kPriceLine) + "\\.\n";
  return {
      Read("AGeneratedColumn",
           "ALTER TABLE public.prices ADD COLUMN cents integer GENERATED ALWAYS AS (price * 100) "
           "STORED;\n" +
               columns),
      Read("AColumnWithADefault",
           "ALTER TABLE public.prices ADD COLUMN note text DEFAULT 'x';\n" + columns),
      Read("TriggersThatAreOff", "ALTER TABLE public.prices DISABLE TRIGGER ALL;\n" + price +
                                     "ALTER TABLE public.prices ENABLE TRIGGER ALL;\n"),
      Read("AViewOfPrices", "CREATE VIEW public.v AS SELECT * FROM public.prices;\n" + price),
      Read("ARuleOfSeveralActions",
           price + "CREATE RULE r AS ON DELETE TO public.ports DO ALSO (DELETE FROM "
                   "public.prices; DELETE FROM public.regions);\n"),
      Read(
          "ColumnsInsertedByAlias",
          "INSERT INTO public.prices AS p (price, day, dest_code, orig_code) OVERRIDING USER VALUE "
          "VALUES (9, '2021-01-01', 'NLRTM', 'CNSHA') RETURNING 1;\n"),
      Refused("AColumnTwice", 6, "once",
              "COPY public.prices (orig_code, dest_code, day, price, price) FROM stdin;\n"
              "CNSHA\tNLRTM\t2021-01-01\t100\t7\n\\.\n"),
      Refused(
          "CopyWithACondition", 6, "options",
          "COPY public.prices (orig_code, dest_code, day, price) FROM stdin WHERE price > 500;\n" +
              std::string(kPriceLine) + "\\.\n"),
      Refused("CopyWithASeparator", 6, "options",
              "COPY public.prices FROM stdin WITH (DELIMITER ',', NULL '');\nCNSHA,NLRTM\n\\.\n"),
      Refused("CopyWithOldOptions", 6, "options",
              "COPY public.prices FROM stdin USING DELIMITERS ',';\nCNSHA,NLRTM\n\\.\n"),
      Refused("CopyOfBytes", 6, "options", "COPY BINARY public.prices FROM stdin;\n\\.\n"),
      Refused("ARule", 7, "rule",
              "CREATE RULE r AS ON INSERT TO public.prices DO INSTEAD NOTHING;\n" + insert),
      Refused("ATriggerOnAnotherTable", 9, "trigger",
              absl::StrCat("CREATE TABLE public.notes (a text);\n", kTriggerFunction,
                           "CREATE TRIGGER t BEFORE INSERT ON public.notes FOR EACH ROW EXECUTE "
                           "FUNCTION public.t();\nINSERT INTO public.notes VALUES ('x');\n",
                           price)),
      Refused(
          "ATriggerOnAChild", 9, "trigger",
          absl::StrCat("CREATE TABLE public.more () INHERITS (public.prices);\n", kTriggerFunction,
                       "CREATE TRIGGER t BEFORE INSERT ON public.more FOR EACH ROW EXECUTE "
                       "FUNCTION public.t();\n",
                       insert)),
      Refused("OnConflictWithAnExclusion", 7, "ON CONFLICT",
              "ALTER TABLE public.prices ADD CONSTRAINT e EXCLUDE USING btree (day WITH =);\n"
              "INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', 5) ON CONFLICT DO "
              "NOTHING;\n"),
      Refused("ATableOfWhichItIsAPart", 7, "a part of",
              "CREATE TABLE public.base (day date);\n"
              "ALTER TABLE public.prices INHERIT public.base;\n" +
                  price + "DELETE FROM public.base;\n"),
      Whole("ATableThatIsAChildFromTheStart", 2, "a part of",
            absl::StrCat("CREATE TABLE public.base (day date);\nCREATE TABLE public.prices",
                         kPricesColumns, " INHERITS (public.base);\n",
                         "CREATE TABLE public.regions (slug text, name text, parent_slug text);\n"
                         "CREATE TABLE public.ports (code text, name text, parent_slug text);\n")),
      Refused("PricesThatAreAView", 0, "prices missing",
              absl::StrCat("DROP TABLE public.prices;\nCREATE TABLE public.base", kPricesColumns,
                           ";\nCREATE VIEW public.prices AS SELECT * FROM public.base;\n")),
      Refused("PricesThatAreGone", 0, "prices missing", "DROP TABLE public.prices;\n"),
      Refused("PricesOfAQuery", 7, "is not read",
              "DROP TABLE public.prices;\nCREATE TABLE public.prices AS SELECT 'CNSHA'::text AS "
              "orig_code, 'NLRTM'::text AS dest_code, date '2021-01-01' AS day, 1 AS price;\n"),
      Refused("PricesFromAnotherSchema", 9, "moves rows",
              absl::StrCat("CREATE SCHEMA archive;\nCREATE TABLE archive.prices", kPricesColumns,
                           ";\nDROP TABLE public.prices;\n"
                           "ALTER TABLE archive.prices SET SCHEMA public;\n")),
  };
}

}  // namespace fairway::sql_dump::testing
