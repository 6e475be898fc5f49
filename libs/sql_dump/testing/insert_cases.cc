#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

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
      Refused("OnConflictOfOneConstraint", 6, "one constraint",
              plain + " ON CONFLICT (day) DO NOTHING;\n"),
      Refused("OnConflictOfANamedConstraint", 6, "one constraint",
              plain + " ON CONFLICT ON CONSTRAINT k DO NOTHING;\n"),
      Refused("OnConflictDoUpdate", 6, "behind the rows",
              plain + " ON CONFLICT (day) DO UPDATE SET price = 7;\n"),
      Read("ValuesOfOtherColumns",
           "ALTER TABLE public.prices ADD COLUMN a text, ADD COLUMN b integer;\n"
           "CREATE SEQUENCE public.s;\n" +
               insert + "('CNSHA', 'NLRTM', '2021-01-01', 1, now(), nextval('public.s')),\n" +
               "('CNSHA', 'NLRTM', '2021-01-01', 2, 'x'::character varying(5), -1),\n" +
               "('CNSHA', 'NLRTM', '2021-01-01', 3, date '2021-01-01', DEFAULT),\n" +
               "('CNSHA', 'NLRTM', '2021-01-01', 4, CURRENT_TIMESTAMP, NULL) RETURNING day, 1;\n"),
      Refused("AValueThatMayFail", 8, "may fail",
              "ALTER TABLE public.prices ADD COLUMN a integer;\n" + insert +
                  "('CNSHA', 'NLRTM', '2021-01-01', 1, 2),\n"
                  "('CNSHA', 'NLRTM', '2021-01-01', 1, 2 / 0);\n"),
      Refused("AReturningThatMayFail", 6, "RETURNING", plain + " RETURNING price / 0;\n"),
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

}  // namespace fairway::sql_dump::testing
