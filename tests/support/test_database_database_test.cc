#include <utility>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"
#include "tests/support/test_database.h"

namespace fairway::testing {
namespace {

int64_t DatabasesNamed(const std::string& name) {
  return QueryInt(Cluster().options("postgres"),
                  "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'");
}

TEST(TestDatabaseTest, LivesAsLongAsItsObject) {
  std::string name;
  {
    TestDatabase first;
    TestDatabase moved(std::move(first));
    name = moved.name();
    EXPECT_EQ(DatabasesNamed(name), 1);
  }
  EXPECT_EQ(DatabasesNamed(name), 0);
}

TEST(TestDatabaseTest, ATemplateIsPreparedOnceAndCopiesAreApart) {
  int prepared = 0;
  const auto prepare = [&](const postgres::ConnectionOptions& options) {
    ++prepared;
    Execute(options, "CREATE TABLE t (v int)");
    return absl::OkStatus();
  };
  const TestDatabase one = TestDatabase::CreateFrom("prepared", prepare);
  const TestDatabase two = TestDatabase::CreateFrom("prepared", prepare);
  Execute(one.options(), "INSERT INTO t VALUES (1)");
  EXPECT_EQ(QueryInt(one.options(), "SELECT count(*) FROM t"), 1);
  EXPECT_EQ(QueryInt(two.options(), "SELECT count(*) FROM t"), 0);
  EXPECT_EQ(prepared, 1);
}

TEST(TestClusterTest, CommittedWorkOutlivesAKill) {
  const TestDatabase database;
  Execute(database.options(), "CREATE TABLE t (v int); INSERT INTO t VALUES (7)");
  FAIRWAY_ASSERT_OK(Cluster().Kill());
  FAIRWAY_ASSERT_OK(Cluster().Restart());
  EXPECT_EQ(QueryInt(database.options(), "SELECT v FROM t"), 7);
}

}  // namespace
}  // namespace fairway::testing
