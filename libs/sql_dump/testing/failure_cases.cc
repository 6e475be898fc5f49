#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {
namespace {

constexpr const char* kMayFail[] = {
    "SELECT 1 / 0",
    "SELECT count(*) FROM public.nothing",
    "SELECT pg_catalog.setval('public.s', max(price)) FROM public.prices",
    "SELECT pg_catalog.set_config('no_such_setting', 'x', false)",
    "WITH w AS (SELECT 1 / 0) SELECT 1",
    "VALUES (1 / 0)",
    "TABLE public.prices UNION ALL SELECT 1 / 0",
    "SET no_such_setting = 1",
    "SHOW no_such_setting",
    "CREATE TABLE public.prices (a text)",
    "CREATE TABLE public.other AS SELECT 1 / 0 AS a",
    "CREATE MATERIALIZED VIEW public.m AS SELECT 1 / 0 AS a",
    "INSERT INTO public.notes VALUES (1 / 0)",
    "INSERT INTO public.notes VALUES ('1' + 2)",
    "INSERT INTO public.notes VALUES (no_such_column)",
    "INSERT INTO public.notes SELECT 1 / 0",
    "INSERT INTO public.notes VALUES (1) RETURNING 1 / 0",
    "INSERT INTO public.notes VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1 / 0",
    "COPY public.notes FROM stdin;\n1\n2\r\n\\.\n\n",
    "DELETE FROM public.notes WHERE 1 / 0 = 1",
    "UPDATE public.notes SET a = 1 / 0",
    "COPY public.notes TO '/nowhere/x'",
    "COPY public.notes FROM '/nowhere/x'",
    "FETCH ALL FROM c",
    "CLOSE c",
    "DEALLOCATE p",
    "RELEASE SAVEPOINT s"};

constexpr const char* kFailsInATransaction[] = {
    "VACUUM",
    "DISCARD ALL",
    "CREATE DATABASE other",
    "CREATE INDEX CONCURRENTLY i ON public.prices (day)",
    "REINDEX DATABASE rates",
    "CLUSTER",
    "ALTER SYSTEM SET work_mem = '1MB'",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SAVEPOINT a;SAVEPOINT b;RELEASE a;RELEASE b"};

// All that stands in one transaction: what pg_dump writes, large objects included.
std::string PgDumpInATransaction() {
  return absl::StrCat(
      "BEGIN;\nSET statement_timeout = 0;\nSET default_table_access_method = heap;\n"
      "SET SESSION AUTHORIZATION DEFAULT;\nSET my.setting = 'x';\n"
      "SELECT pg_catalog.set_config('search_path', '', false);\n"
      "DROP TABLE IF EXISTS public.notes;\nCREATE SEQUENCE public.s;\n"
      "CREATE TABLE public.notes (a integer DEFAULT nextval('public.s'), b bit(3));\n"
      "DELETE FROM ONLY public.notes;\nTRUNCATE public.notes;\n"
      "LOCK TABLE public.prices IN EXCLUSIVE MODE;\n",
      OnePrice(),
      "INSERT INTO public.notes VALUES (DEFAULT, B'101'), (-1, NULL), ('7', '101'::bit(3));\n"
      "SELECT pg_catalog.setval('public.s', 5, true);\n"
      "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.notes', 'a'), 1, "
      "false);\n"
      "SELECT pg_catalog.lo_create('16385');\nSELECT pg_catalog.lo_open('16385', 131072);\n"
      "SELECT pg_catalog.lowrite(0, '\\x0102');\nSELECT pg_catalog.lo_close(0);\n"
      "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = "
      "'16385';\n"
      "CREATE VIEW public.v AS SELECT (n.a / 2) AS h FROM public.notes n;\n"
      "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS a WITH NO DATA;\n"
      "REFRESH MATERIALIZED VIEW public.m;\nCOMMENT ON TABLE public.notes IS 'x';\n"
      "GRANT SELECT ON TABLE public.notes TO PUBLIC;\n"
      "ALTER TABLE ONLY public.ports ADD CONSTRAINT k PRIMARY KEY (code);\n"
      "CREATE INDEX i ON public.prices USING btree (day);\n"
      "SELECT 'done' AS status, -1;\nTABLE public.m;\nCOMMIT;\n");
}

}  // namespace

// A statement that fails takes a transaction with it. BEGIN is line 6, one price lines 7 to 9.
std::vector<DumpCase> FailureCases() {
  const std::string price = OnePrice();
  std::vector<DumpCase> cases = {
      Read("PgDumpInATransaction", PgDumpInATransaction()),
      Read("ComputationsOutsideOfTransactions",
           "SELECT 10 / 5;\n" + price + "BEGIN;\n" + price + "COMMIT;\nSELECT 10 / 5;\n"),
      Read("SavepointsWithinEachOther",
           "BEGIN;\nSAVEPOINT a;\nSAVEPOINT b;\nRELEASE b;\nSAVEPOINT b;\n" + price +
               "RELEASE SAVEPOINT a;\nCOMMIT;\n"),
      // The test that compares with psql needs ON_ERROR_STOP in what follows.
      Read("PsqlNeedNotStop",
           "\\set ON_ERROR_STOP off\nSELECT 10 / 5;\n" + price + "\\set ON_ERROR_STOP on\n"),
      Read("NothingBehindWhatMayFail", "\\set ON_ERROR_STOP on\n\\pset pager off\n" + price +
                                           "SELECT 10 / 5;\nANALYZE public.prices;\n"),
      Refused("PsqlStopsAtErrors", 7, "ON_ERROR_STOP",
              "\\set ON_ERROR_STOP on\nSELECT 10 / 5;\n" + price),
      Refused("PsqlStopsAtErrorsWithoutAValue", 7, "ON_ERROR_STOP",
              "\\set ON_ERROR_STOP\nSET no_such_setting = 1;\n" + price),
      Refused("PsqlStopsAtASavepointWithoutATransaction", 7, "ON_ERROR_STOP",
              "\\set ON_ERROR_STOP 1\nSAVEPOINT a;\n" + price),
      Refused("PsqlStopsAtItsOwnCommands", 7, "ON_ERROR_STOP",
              "\\set ON_ERROR_STOP 'true'\n\\pset no_such_option 1\n" + price),
      // What newer versions of pg_dump write is not what line 11 is refused for.
      Refused("StatisticsInATransaction", 11, "transaction",
              "BEGIN;\nSELECT * FROM pg_catalog.pg_restore_relation_stats('version', "
              "'180000'::integer, 'relpages', '1'::integer, 'reltuples', '-1'::real);\n"
              "SELECT * FROM pg_catalog.pg_restore_attribute_stats('inherited', 'f'::boolean, "
              "'most_common_freqs', '{0.1}'::real[]);\nCREATE SUBSCRIPTION s CONNECTION '' "
              "PUBLICATION p WITH (connect = false, slot_name = 's');\n"
              "SET transaction_timeout = 0;\nSELECT 1 / 0;\nCOMMIT;\n"),
      Refused("AComputationBeforeTheRows", 7, "transaction",
              "BEGIN;\nSELECT 10 / 5;\n" + price + "COMMIT;\n"),
      Refused("ASavepointOfAnotherTransaction", 9, "transaction",
              "BEGIN;\nSAVEPOINT a;\nCOMMIT;BEGIN;\nRELEASE a;\n" + price + "COMMIT;\n"),
  };
  const auto add = [&](const char* statement) {
    cases.push_back({.name = absl::StrCat("FailsInATransaction", cases.size()),
                     .text = absl::StrCat(kDumpTables, "BEGIN;\n", price, statement, ";COMMIT;\n"),
                     .refused_at = 10,
                     .reason = "nothing of its transaction is stored"});
  };
  for (const char* statement : kMayFail) add(statement);
  for (const char* statement : kFailsInATransaction) add(statement);
  return cases;
}

}  // namespace fairway::sql_dump::testing
