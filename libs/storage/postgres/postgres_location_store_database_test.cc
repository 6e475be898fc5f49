#include <pqxx/transaction_base>

#include <functional>
#include <future>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;

// What every store does is what the contract suite shows.
class PostgresLocationStoreTest : public ::testing::Test {
 protected:
  // Holds the lock that orders commits, in a session of its own, until it goes.
  class OtherSession {
   public:
    explicit OtherSession(const postgres::ConnectionOptions& options)
        : pool_({.connection = options, .connections_max = 1}) {}

    // Runs `sql` with the lock held, awaits that `others` wait for it, and commits.
    void Run(const std::string& sql, const std::function<void()>& others) {
      FAIRWAY_EXPECT_OK(
          postgres::RunTransaction(pool_, {.deadline = Soon()}, [&](pqxx::transaction_base& tx) {
            tx.exec("SELECT version FROM fairway.dataset FOR UPDATE");
            tx.exec(sql);
            others();
            return absl::OkStatus();
          }));
    }

   private:
    postgres::Pool pool_;
  };

  void AwaitALockedSession() {
    while (QueryInt(database_.options(),
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND wait_event_type = 'Lock'") == 0) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresLocationStore store_{&pool_};
};

TEST_F(PostgresLocationStoreTest, ImportsThatMakeACircleTogetherDoNotBothHappen) {
  FAIRWAY_ASSERT_OK(store_.Import({.regions = {{"a", "A", {}}, {"b", "B", {}}}}, Soon()));
  std::future<absl::StatusOr<LocationImport>> second;
  OtherSession(database_.options())
      .Run(
          "UPDATE fairway.regions SET parent = (SELECT id FROM fairway.regions WHERE slug = 'b') "
          "WHERE slug = 'a'; "
          "UPDATE fairway.dataset SET version = version + 1, locations_version = version + 1",
          [&] {
            second = std::async(std::launch::async, [&] {
              return store_.Import({.regions = {{"b", "B", "a"}}}, Soon());
            });
            AwaitALockedSession();
          });
  EXPECT_EQ(ReasonOf(second.get().status()), reasons::kInvalidLocation);
  FAIRWAY_EXPECT_OK(store_.ReadTree(Soon()));
}

// Two trees may have the same number then.
TEST_F(PostgresLocationStoreTest, ATreeWhoseIdentityIsNotKeptIsReadAnew) {
  FAIRWAY_ASSERT_OK(store_.Import({.regions = {{"a", "A", {}}}}, Soon()));
  Execute(database_.options(), "DELETE FROM fairway.commits");
  FAIRWAY_ASSERT_OK(store_.ReadTree(Soon()));
  Execute(database_.options(), "UPDATE fairway.regions SET name = 'B'");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, store_.ReadTree(Soon()));
  EXPECT_EQ(tree->FindRegion("a")->name, "B");
}

TEST_F(PostgresLocationStoreTest, WhatWouldNotHoldTogetherIsRefusedWithoutTheLock) {
  LocationChanges chain = {.regions = {{"r1", "1", std::nullopt}}};
  for (int level = 2; level <= 20'000; ++level) {
    chain.regions.push_back({absl::StrCat("r", level), "deep", absl::StrCat("r", level - 1)});
  }
  OtherSession(database_.options()).Run("SELECT 1", [&] {
    const auto import = store_.Import(chain, absl::Now() + absl::Seconds(10));
    EXPECT_EQ(ReasonOf(import.status()), reasons::kInvalidLocation) << import.status();
  });
}

TEST_F(PostgresLocationStoreTest, ADeeperTreeOfAnOlderReleaseIsNamedAndCanBeMended) {
  Execute(database_.options(),
          "INSERT INTO fairway.regions (slug, name) SELECT 'r' || level, 'old' "
          "FROM generate_series(1, 800) AS level; "
          "UPDATE fairway.regions SET parent = above.id FROM fairway.regions AS above "
          "WHERE above.slug = 'r' || (substr(regions.slug, 2)::int - 1); "
          "UPDATE fairway.dataset SET version = version + 1, locations_version = version + 1");
  const auto tree = store_.ReadTree(Soon());
  EXPECT_THAT(tree.status(), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(std::string(tree.status().message()),
              ::testing::HasSubstr("\"r33\": the region lies on level 33"));
  LocationChanges flat;
  for (int level = 2; level <= 800; ++level) {
    flat.regions.push_back({absl::StrCat("r", level), "old", "r1"});
  }
  FAIRWAY_ASSERT_OK(store_.Import(flat, Soon()));
  FAIRWAY_EXPECT_OK(store_.ReadTree(Soon()));
}

}  // namespace
}  // namespace fairway
