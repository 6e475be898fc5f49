#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

// The views that stand for the tables of the reference schema.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::Query;
using ::fairway::testing::QueryText;
using ::fairway::testing::TestDatabase;
using ::testing::ElementsAre;

class ViewsTest : public ::testing::Test {
 protected:
  ViewsTest() {
    Execute(database_.options(), R"sql(
      INSERT INTO fairway.regions (slug, name, parent)
        VALUES ('world', 'World', NULL), ('asia', 'Asia', 1), ('europe', 'Europe', 1);
      INSERT INTO fairway.ports (code, name, parent)
        VALUES ('CNSHA', 'Shanghai', 2), ('NLRTM', 'Rotterdam', 3);
      INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, committed_version)
        VALUES ('acme', 'batch-1', 'COMMITTED', '', now(), 1),
               ('acme', 'batch-2', 'RECEIVING', '', now(), NULL);
      INSERT INTO fairway.price_series VALUES
        (1, 1, 2, 0, 3, '{2021-01-01,2021-01-01,2021-01-02}', '{10,10,30}'),
        (2, 1, 2, 0, 1, '{2021-01-01}', '{999}'))sql");
  }

  TestDatabase database_ = MigratedDatabase();
};

TEST_F(ViewsTest, ShowOneRowPerPriceOfCommittedBatches) {
  EXPECT_THAT(Query(database_.options(), "SELECT * FROM prices ORDER BY day, price"),
              ElementsAre("(CNSHA,NLRTM,2021-01-01,10)", "(CNSHA,NLRTM,2021-01-01,10)",
                          "(CNSHA,NLRTM,2021-01-02,30)"));
}

TEST_F(ViewsTest, HaveTheColumnsOfTheReference) {
  EXPECT_THAT(Query(database_.options(),
                    "SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' "
                    "ORDER BY ordinal_position) FROM information_schema.columns "
                    "WHERE table_schema = 'public' GROUP BY 1 ORDER BY 1"),
              ElementsAre("(ports,\"code text, name text, parent_slug text\")",
                          "(prices,\"orig_code text, dest_code text, day date, price integer\")",
                          "(regions,\"slug text, name text, parent_slug text\")"));
  EXPECT_THAT(Query(database_.options(), "SELECT * FROM ports ORDER BY 1"),
              ElementsAre("(CNSHA,Shanghai,asia)", "(NLRTM,Rotterdam,europe)"));
  EXPECT_THAT(Query(database_.options(), "SELECT * FROM regions ORDER BY 1"),
              ElementsAre("(asia,Asia,world)", "(europe,Europe,world)", "(world,World,)"));
}

TEST_F(ViewsTest, RunTheQueryOfTheReference) {
  EXPECT_EQ(QueryText(database_.options(),
                      "WITH RECURSIVE below AS (SELECT slug FROM regions WHERE slug = 'world' "
                      "UNION ALL SELECT regions.slug FROM regions JOIN below "
                      "ON regions.parent_slug = below.slug) "
                      "SELECT avg(price)::int FROM prices WHERE orig_code = 'CNSHA' "
                      "AND dest_code IN (SELECT code FROM ports JOIN below ON parent_slug = slug)"),
            "17");
}

}  // namespace
}  // namespace fairway
