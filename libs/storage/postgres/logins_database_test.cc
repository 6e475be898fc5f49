#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/postgres/logins.h"
#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryText;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

class LoginsTest : public ::testing::Test {
 protected:
  absl::StatusOr<LoginChange::Kind> SetQueryLogin(const std::string& name,
                                                  const std::string& password = "") {
    const auto report =
        Migrate(pool_, Soon(), {.ingest = std::nullopt, .query = Login{name, password}});
    if (!report.ok()) return report.status();
    return report->logins.at(0).kind;
  }
  std::string PasswordOf(const std::string& name) {
    return QueryText(database_.options(),
                     absl::StrCat("SELECT coalesce(left(rolpassword, 14), 'none') FROM pg_authid "
                                  "WHERE rolname = '",
                                  name, "'"));
  }
  void ExpectRefused(const std::string& name, absl::StatusCode code, const std::string& why) {
    EXPECT_THAT(SetQueryLogin(name, "secret"), StatusIs(code, HasSubstr(why))) << name;
  }
  void Sql(const std::string& sql) { Execute(database_.options(), sql); }

  testing::TestDatabase database_ = testing::MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 2}};
};

TEST_F(LoginsTest, AreCreatedOnceAndKeepAPasswordThatIsNotSaid) {
  EXPECT_THAT(SetQueryLogin("q_once"), testing::IsOkAndHolds(LoginChange::Kind::kCreated));
  EXPECT_EQ(PasswordOf("q_once"), "none");
  EXPECT_THAT(SetQueryLogin("q_once", "secret"),
              testing::IsOkAndHolds(LoginChange::Kind::kPasswordSet));
  EXPECT_THAT(SetQueryLogin("q_once"), testing::IsOkAndHolds(LoginChange::Kind::kNone));
  EXPECT_EQ(PasswordOf("q_once"), "SCRAM-SHA-256$");
}

// A server that got the password would keep it as its own setting says.
TEST_F(LoginsTest, PasswordsGoToTheServerAsVerifiers) {
  Sql(absl::StrCat("ALTER DATABASE ", database_.name(), " SET password_encryption = 'md5'"));
  FAIRWAY_ASSERT_OK(SetQueryLogin("q_scram", "secret"));
  EXPECT_EQ(PasswordOf("q_scram"), "SCRAM-SHA-256$");
  FAIRWAY_ASSERT_OK(SetQueryLogin("q_scram", "another secret"));
  EXPECT_EQ(PasswordOf("q_scram"), "SCRAM-SHA-256$");
}

TEST_F(LoginsTest, NamesNeedNoQuotes) { FAIRWAY_EXPECT_OK(SetQueryLogin("q'uery \"1\"", "it's")); }

TEST_F(LoginsTest, NoNameIsOneOfARole) {
  for (const char* const name : {"", "fairway_owner", "fairway_ingest", "fairway_query", "public",
                                 "none", "pg_monitor", "pg_mine"}) {
    ExpectRefused(name, absl::StatusCode::kInvalidArgument, "name");
  }
  ExpectRefused("a\nb", absl::StatusCode::kInvalidArgument, "control characters");
  ExpectRefused(std::string(64, 'n'), absl::StatusCode::kInvalidArgument, "63 bytes");
  EXPECT_THAT(Migrate(pool_, Soon(), {.ingest = Login{"both", ""}, .query = Login{"both", ""}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("both services")));
}

TEST_F(LoginsTest, WhatIsMoreThanAMemberIsLeftAlone) {
  ExpectRefused("postgres", absl::StatusCode::kFailedPrecondition, "is who migrates");
  Sql("CREATE ROLE q_super SUPERUSER LOGIN IN ROLE fairway_query;"
      "CREATE ROLE q_maker CREATEROLE LOGIN IN ROLE fairway_query;"
      "CREATE ROLE q_of_others LOGIN;"
      "CREATE ROLE q_writer LOGIN IN ROLE fairway_query, fairway_ingest;"
      "CREATE ROLE q_owner LOGIN IN ROLE fairway_owner");
  for (const char* const name :
       {"q_super", "q_maker", "q_of_others", "q_writer", "q_owner", "fairway_ingest_a"}) {
    ExpectRefused(name, absl::StatusCode::kFailedPrecondition, "choose another name");
    EXPECT_EQ(PasswordOf(name), "none");
  }
  Sql("DROP ROLE q_super, q_maker, q_of_others, q_writer, q_owner");
}

// As an administrator locks one whose password leaked.
TEST_F(LoginsTest, ANewPasswordUnlocksALogin) {
  FAIRWAY_ASSERT_OK(SetQueryLogin("q_locked", "leaked"));
  Sql("ALTER ROLE q_locked NOLOGIN NOINHERIT VALID UNTIL '2000-01-01'");
  FAIRWAY_ASSERT_OK(SetQueryLogin("q_locked", "secret"));
  EXPECT_EQ(QueryText(database_.options(),
                      "SELECT rolcanlogin AND rolinherit AND rolvaliduntil = 'infinity' "
                      "FROM pg_roles WHERE rolname = 'q_locked'"),
            "t");
}

// What their logins would inherit.
TEST_F(LoginsTest, GroupsWithRightsOfTheirOwnAreRefused) {
  for (const auto& [rights, none] :
       {std::pair("ALTER ROLE fairway_query LOGIN", "ALTER ROLE fairway_query NOLOGIN"),
        std::pair("GRANT pg_write_all_data TO fairway_query",
                  "REVOKE pg_write_all_data FROM fairway_query")}) {
    Sql(rights);
    ExpectRefused("q_of_group", absl::StatusCode::kFailedPrecondition,
                  "fairway_query is not Fairway's");
    Sql(none);
  }
}

}  // namespace
}  // namespace fairway
