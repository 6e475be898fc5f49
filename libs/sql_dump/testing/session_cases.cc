#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

// Settings, transactions and what psql itself reads. One price is at lines 6 to 8.
std::vector<DumpCase> SessionCases() {
  const std::string price = OnePrice();
  const std::string unqualified = absl::StrCat(
      "COPY prices (orig_code, dest_code, day, price) FROM stdin;\n", kPriceLine, "\\.\n");
  std::vector<DumpCase> cases = {
      Whole("AByteOrderMark", -1, "", absl::StrCat("\xef\xbb\xbf", kDumpTables, price)),
      Read("StatementsBeforeCopyInItsLine", "SELECT 1; SELECT 2; " + price),
      Read("Savepoints", "BEGIN;\n" + price + "SAVEPOINT s;\n" + price +
                             "RELEASE SAVEPOINT s;\nEND TRANSACTION;\n" + price),
      Read("DiscardPlansKeepsTheEncoding",
           price + "SET client_encoding = 'LATIN1';\nDISCARD PLANS;\n"
                   "INSERT INTO public.regions VALUES ('x1', 'K\xc3\xb8', NULL);\n"),
      Read("DiscardAllResetsTheSearchPath", "SET search_path = '';\nDISCARD ALL;\n" + unqualified),
      Read("SetConfigOfTheSearchPath",
           "SELECT pg_catalog.set_config('search_path', 'public', false);\n" + unqualified),
      Read("AnEncodingSetByPsql",
           price + "\\encoding LATIN1\nINSERT INTO public.regions VALUES ('x1', 'K\xf8', NULL);\n"),
      Read("BackslashesWithinTheQuotesOfPsql", price + "\\echo 'a\\\\b \\' \\\\ c' \"d\\e`\"\n"),
      Read("OldStringsByAPrefixOfOff",
           price + "SET standard_conforming_strings = f;\n"
                   "INSERT INTO public.regions VALUES ('x1', 'a\\'b', NULL);\n"),
      Read("AQuotedTableOfAnotherName",
           "CREATE TABLE public.\"Prices\" (a text);\n"
           "INSERT INTO public.\"Prices\" VALUES ('x');\nDELETE FROM public.\"Prices\";\n" +
               price),
      Read("ATemporaryTable",
           "CREATE TEMP TABLE notes (a text);\nCOPY notes FROM stdin;\nx\n\\.\n" + price),
      Read("TransactionsThatMayWrite",
           "SET default_transaction_read_only = off;\n"
           "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;\nBEGIN READ WRITE;\n"
           "SET TRANSACTION READ WRITE;\nSET LOCAL transaction_read_only TO 'false';\n"
           "RESET default_transaction_read_only;\n" +
               price + "COMMIT;\n"),
      Read("ARoleThatMayOnlyRead",
           "CREATE ROLE reader;\nALTER ROLE reader SET default_transaction_read_only TO 'on';\n"
           "\\connect -\n" +
               price + "DROP ROLE reader;\n"),
      Refused("ATransactionThatMayOnlyRead", 6, "READ ONLY",
              "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY;\n" + price + "COMMIT;\n"),
      Refused("ADatabaseThatMayOnlyBeRead", 6, "READ ONLY",
              "ALTER DATABASE rates SET \"default_transaction_read_only\" TO 'on';\n"
              "\\connect rates\n" +
                  price),
      Refused("ASettingThatIsNeitherOnNorOff", 6, "standard_conforming_strings",
              "SET standard_conforming_strings = maybe;\n" + price),
      Refused("TheSearchPathOfARole", 8, "search_path",
              "ALTER ROLE postgres SET search_path = archive;\n\\connect -\n" + unqualified),
      Refused(
          "TheSearchPathOfADatabase", 8, "search_path",
          "ALTER DATABASE rates SET search_path TO 'archive';\n\\connect rates\n" + unqualified),
  };
  for (const char* statement :
       {"ROLLBACK TO SAVEPOINT s",
        "ABORT",
        "BEGIN READ ONLY",
        "START TRANSACTION READ ONLY",
        "SET TRANSACTION READ ONLY",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET default_transaction_read_only = on",
        "SET SESSION \"Default_Transaction_Read_Only\" TO '1'",
        "SET LOCAL transaction_read_only = true",
        "SELECT pg_catalog.set_config('transaction_read_only', 'on', false)",
        "ALTER SYSTEM SET default_transaction_read_only = on",
        "ALTER ROLE ALL SET default_transaction_read_only FROM CURRENT",
        "COMMIT AND CHAIN",
        "COMMIT PREPARED 'x'",
        "PREPARE TRANSACTION 'x'",
        "VALUES (public.change())",
        "DECLARE c CURSOR WITH HOLD FOR SELECT public.change()",
        "CREATE MATERIALIZED VIEW public.m AS SELECT public.change() AS a",
        "LOAD 'x'",
        "UPDATE pg_settings SET setting = 'archive' WHERE name = 'search_path'",
        "SELECT set_config('work_mem', '1MB', false), public.change()",
        "SELECT set_config('work_mem', '1MB', false), set_config('search_path', 'a', false)",
        "CREATE TEMP TABLE prices (a text)",
        "CREATE TEMP VIEW prices AS SELECT 1 AS a",
        "CREATE OR REPLACE TEMPORARY VIEW ports AS SELECT 1 AS a",
        "ALTER TYPE public.code RENAME VALUE 'CNSHA' TO 'CNSHB'",
        "INSERT INTO public.x VALUES (1) ON CONFLICT (a) DO UPDATE SET a = public.change()",
        "SELECT 'DELETE FROM public.prices' \\gexec",
        "SELECT 1 \\; DELETE FROM public.prices",
        "SELECT 1 \\g /tmp/x",
        "\\gexec",
        "\\if true",
        "\\q",
        "\\! true",
        "\\o x",
        "\\set DROP 'DELETE FROM public.prices'",
        "\\set SINGLELINE on",
        "\\set PROMPT1 'INTO public.prices'",
        "\\echo a \\i other.sql",
        "\\t \\\\ DELETE FROM public.prices;",
        "\\echo 'a' `true`",
        "\\set ON_ERROR_STOP on\\gexec",
        "\\ir other.sql"}) {
    const bool is_command = absl::string_view(statement).find('\\') != absl::string_view::npos;
    cases.push_back({.name = absl::StrCat("RefusesToo", cases.size()),
                     .text = absl::StrCat(kDumpTables, price, statement, is_command ? "\n" : ";\n"),
                     .refused_at = 9});
  }
  return cases;
}

}  // namespace fairway::sql_dump::testing
