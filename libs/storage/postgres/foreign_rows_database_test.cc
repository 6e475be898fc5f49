#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/testing/foreign_rows_fixture.h"

// Of all tables but those of batches.
namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

using ForeignRowsTest = ForeignRowsFixture;

TEST_F(ForeignRowsTest, Locations) {
  for (const char* const code : {"cnsha", "CNSHAX", ""}) {
    Sql(absl::StrCat("UPDATE fairway.ports SET code = '", code, "' WHERE id = ", lane_.origin));
    const std::string found = absl::StrCat("\"", code, "\" is no port code");
    ExpectUnreadable(ReadTree(), found);
    EXPECT_EQ(ReasonOf(ReadTree()), "STORED_LOCATIONS_INVALID");
    ExpectUnreadable(
        locations_.Import({.regions = {{"new", "New", std::nullopt}}}, Soon()).status(), found);
    ExpectUnreadable(ReadCommits(), found);
  }
  Sql("UPDATE fairway.ports SET code = 'CNSHA' WHERE code = ''");
  FAIRWAY_EXPECT_OK(ReadTree());
  Sql("UPDATE fairway.regions SET slug = 'No Slug'");
  ExpectUnreadable(ReadTree(), "No Slug");
  Sql("UPDATE fairway.regions SET slug = 'world', parent = id");
  ExpectUnreadable(ReadTree(), "world");
}

TEST_F(ForeignRowsTest, Series) {
  DropConstraints();
  FAIRWAY_ASSERT_OK(ReadSeries());
  FAIRWAY_ASSERT_OK(ReadRates());
  const auto with = [&](absl::string_view change, auto check) {
    With("price_series", absl::StrCat("UPDATE fairway.price_series SET ", change), check);
  };
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    with(change, [&] { ExpectUnreadable(ReadSeries(), found); });
  };
  expect_unreadable("prices = '{100}'", "2 days and 1 prices");
  expect_unreadable("prices = '{1,2,3}'", "2 days and 3 prices");
  expect_unreadable("prices = NULL", "another form");
  expect_unreadable("days = NULL", "another form");
  expect_unreadable("prices = '{1,NULL}'", "another form");
  expect_unreadable("days = '{2021-01-01,NULL}'", "another form");
  expect_unreadable("prices = '{{1},{2}}'", "another form");
  expect_unreadable("days = '{1989-12-31,2021-01-01}'", "the days 7304 to 18628");
  expect_unreadable("days = '{2021-01-01,2101-01-01}'", "the days 18628 to 47847");
  expect_unreadable("days = '{-infinity,2021-01-01}'", "the days -");
  expect_unreadable("days = '{2021-01-01,infinity}'", "the days -");
  expect_unreadable("prices = '{0,100}'", "prices of 0 to 100");
  expect_unreadable("prices = '{-1,100}'", "prices of -1 to 100");
  expect_unreadable("prices = '{1,10000001}'", "prices of 1 to 10000001");
  with("days = '{1990-01-01,2100-12-31}', prices = '{1,10000000}'",
       [&] { FAIRWAY_EXPECT_OK(ReadSeries()); });
  with("days = '{}', prices = '{}'", [&] { FAIRWAY_EXPECT_OK(ReadSeries()); });

  const auto expect_uneven = [&](absl::string_view change) {
    with(change, [&] { ExpectUnreadable(ReadRates(), "more days than prices"); });
  };
  expect_uneven("prices = '{100}'");
  expect_uneven("prices = '{1,2,3}'");
  expect_uneven("prices = '{1,NULL}'");
  expect_uneven("days = '{2021-01-01,NULL}'");
  with("days = '{2021-01-01,infinity}'", [&] { FAIRWAY_EXPECT_OK(ReadRates()); });
}

TEST_F(ForeignRowsTest, Commits) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("commits", absl::StrCat("UPDATE fairway.commits SET ", change, " WHERE version = 2"),
         [&] { ExpectUnreadable(ReadCommits(), found); });
  };
  expect_unreadable("kind = 'SPLIT'", "SPLIT");
  expect_unreadable("kind = ''", "the kind ,");
  expect_unreadable("commit_time = NULL", "null");
  expect_unreadable("commit_time = 'infinity'", "");
  expect_unreadable("batch = 999", "version 2 names the batch 999");
  FAIRWAY_EXPECT_OK(ReadCommits());
}

TEST_F(ForeignRowsTest, Versions) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("dataset", change, [&] {
      ExpectUnreadable(source_.ReadState(Soon()).status(), found);
      ExpectUnreadable(source_.ReadChanges({0}, Soon()).status(), found);
      ExpectUnreadable(ReadRates(), found);
      ExpectUnreadable(rates_.ReadDataset(Soon()).status(), found);
      ExpectUnreadable(ReadTree(), found);
      ExpectUnreadable(ReadCommits(), found);
      ExpectUnreadable(
          locations_.Import({.regions = {{"new", "New", std::nullopt}}}, Soon()).status(), found);
    });
  };
  expect_unreadable("DELETE FROM fairway.dataset", "0 rows instead of one");
  expect_unreadable("UPDATE fairway.dataset SET version = NULL", "null");
  FAIRWAY_EXPECT_OK(ReadRates());
}

TEST_F(ForeignRowsTest, Migrations) {
  Sql("ALTER TABLE fairway.schema_migrations ALTER number TYPE bigint, "
      "ALTER checksum DROP NOT NULL");
  Sql("INSERT INTO fairway.schema_migrations (number, name) VALUES (3000000000, 'later')");
  postgres::Pool admin({.connection = database_.options(), .connections_max = 1});
  FAIRWAY_EXPECT_OK(CheckSchema(pool_, kIngestRole, Soon()));
  EXPECT_THAT(Migrate(admin, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("3000000000")));
  Sql("DELETE FROM fairway.schema_migrations WHERE number = 3000000000;"
      "UPDATE fairway.schema_migrations SET checksum = NULL WHERE number = 2");
  EXPECT_THAT(Migrate(admin, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0002_batches")));
  Sql("ALTER TABLE fairway.schema_migrations DROP CONSTRAINT schema_migrations_pkey, "
      "ALTER number DROP NOT NULL; UPDATE fairway.schema_migrations SET number = NULL "
      "WHERE number = 3");
  EXPECT_THAT(Migrate(admin, Soon()), StatusIs(absl::StatusCode::kInternal, HasSubstr("null")));
}

}  // namespace
}  // namespace fairway
