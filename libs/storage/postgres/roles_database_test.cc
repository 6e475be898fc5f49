#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/errors.h"
#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::Query;
using ::fairway::testing::QueryText;
using ::fairway::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<MigrationReport> MigrateAs(const postgres::ConnectionOptions& options,
                                          const Logins& logins = {}) {
  postgres::Pool pool({.connection = options, .connections_max = 1});
  return Migrate(pool, Soon(), logins);
}

// Empty when it succeeds.
std::string SqlStateOf(const postgres::ConnectionOptions& options, const std::string& sql) {
  const auto session = postgres::CopySession::Open(options, Soon());
  return postgres::SqlState(session.ok() ? (*session)->Execute(sql) : session.status());
}

// Owners and rights of everything of ours, one a line.
std::vector<std::string> Rights(const postgres::ConnectionOptions& options) {
  return Query(options, R"sql(
    SELECT relname, relkind, relowner::regrole, right_of.grantee::regrole, right_of.privilege_type
    FROM pg_class, aclexplode(relacl) AS right_of
    WHERE relnamespace = 'fairway'::regnamespace OR relname IN ('prices', 'ports', 'regions')
    UNION ALL
    SELECT nspname, 'n', nspowner::regrole, right_of.grantee::regrole, right_of.privilege_type
    FROM pg_namespace, aclexplode(nspacl) AS right_of WHERE nspname = 'fairway'
    UNION ALL
    SELECT proname, 'f', proowner::regrole, right_of.grantee::regrole, right_of.privilege_type
    FROM pg_proc, aclexplode(proacl) AS right_of WHERE pronamespace = 'fairway'::regnamespace
    ORDER BY 1, 2, 3, 4, 5)sql");
}

constexpr const char* kTables =
    "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'fairway'::regnamespace AND "
    "relkind = 'r' ORDER BY 1";

class RolesTest : public ::testing::Test {
 protected:
  testing::TestDatabase database_ = testing::MigratedDatabase();
  const postgres::ConnectionOptions admin_ = database_.options();
  const postgres::ConnectionOptions ingest_ = testing::AsIngest(admin_);
  const postgres::ConnectionOptions query_ = testing::AsQuery(admin_);
};

TEST_F(RolesTest, QueryOnlyReads) {
  FAIRWAY_EXPECT_OK(postgres::CopySession::Open(query_, Soon()));
  EXPECT_EQ(SqlStateOf(query_, "TABLE prices"), "");
  EXPECT_EQ(SqlStateOf(query_, "LISTEN fairway_dataset"), "");
  for (const std::string& row : Query(admin_, kTables)) {
    const std::string table = row.substr(1, row.size() - 2);
    const std::string column =
        QueryText(admin_, absl::StrCat("SELECT attname FROM pg_attribute WHERE attrelid = '", table,
                                       "'::regclass AND attnum = 1"));
    for (const std::string& sql :
         {absl::StrCat("INSERT INTO ", table, " SELECT * FROM ", table),
          absl::StrCat("UPDATE ", table, " SET ", column, " = DEFAULT"),
          absl::StrCat("DELETE FROM ", table), absl::StrCat("TRUNCATE ", table),
          absl::StrCat("SELECT FROM ", table, " FOR UPDATE"), absl::StrCat("DROP TABLE ", table)}) {
      EXPECT_EQ(SqlStateOf(query_, sql), "42501") << sql;
    }
  }
  for (const char* const sql :
       {"SELECT nextval('fairway.batch_ids')", "CREATE TABLE fairway.mine ()",
        "CREATE TABLE public.mine ()", "SET ROLE fairway_ingest", "SET ROLE fairway_owner"}) {
    EXPECT_EQ(SqlStateOf(query_, sql), "42501") << sql;
  }
}

TEST_F(RolesTest, IngestWritesDataAndNothingElse) {
  for (const char* const sql :
       {"UPDATE fairway.schema_migrations SET checksum = ''", "DELETE FROM fairway.commits",
        "UPDATE fairway.price_series SET run = 1", "DELETE FROM fairway.ports",
        "DELETE FROM fairway.dataset", "TRUNCATE fairway.batches", "CREATE TABLE fairway.mine ()",
        "ALTER TABLE fairway.batches ADD mine int", "SET ROLE fairway_owner"}) {
    EXPECT_EQ(SqlStateOf(ingest_, sql), "42501") << sql;
  }
}

TEST_F(RolesTest, EverythingIsTheOwnersAndNothingIsPublic) {
  EXPECT_THAT(Query(admin_,
                    "SELECT relname FROM pg_class WHERE relnamespace = "
                    "'fairway'::regnamespace AND relowner <> 'fairway_owner'::regrole"),
              IsEmpty());
  EXPECT_THAT(
      Query(admin_,
            "SELECT relname, relowner::regrole FROM pg_class WHERE relnamespace = "
            "'public'::regnamespace AND relkind = 'v' ORDER BY 1"),
      ElementsAre("(ports,fairway_owner)", "(prices,fairway_owner)", "(regions,fairway_owner)"));
  EXPECT_THAT(Rights(admin_), ::testing::Each(::testing::Not(HasSubstr(",-,"))));
}

// As after pg_restore --no-owner --no-privileges, and with what somebody granted by hand.
TEST_F(RolesTest, ADatabaseThatCameFromElsewhereGetsThem) {
  const std::vector<std::string> rights = Rights(admin_);
  Execute(admin_,
          "REASSIGN OWNED BY fairway_owner TO postgres;"
          "DROP OWNED BY fairway_ingest, fairway_query;"
          "GRANT DELETE ON fairway.commits TO fairway_query, PUBLIC");
  EXPECT_EQ(SqlStateOf(query_, "TABLE fairway.dataset"), "42501");
  FAIRWAY_ASSERT_OK(MigrateAs(admin_));
  EXPECT_EQ(Rights(admin_), rights);
}

TEST_F(RolesTest, AServiceWithoutGrantsSaysSo) {
  Execute(admin_, "REVOKE USAGE ON SCHEMA fairway FROM fairway_query");
  postgres::Pool pool({.connection = query_, .connections_max = 1});
  EXPECT_THAT(CheckSchema(pool, kQueryRole, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("run: fairway migrate")));
}

TEST_F(RolesTest, AServiceNeedsTheRoleOfItsOwn) {
  postgres::Pool query({.connection = query_, .connections_max = 1});
  postgres::Pool ingest({.connection = ingest_, .connections_max = 1});
  FAIRWAY_EXPECT_OK(CheckSchema(query, kQueryRole, Soon()));
  FAIRWAY_EXPECT_OK(CheckSchema(ingest, kIngestRole, Soon()));
  EXPECT_THAT(CheckSchema(query, kIngestRole, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("\"fairway_query_a\" is not a member of fairway_ingest")));
  EXPECT_THAT(CheckSchema(ingest, kQueryRole, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// An operator that fits better than PostgreSQL's own would run as whoever migrates.
TEST_F(RolesTest, NothingInPublicRunsAsTheOwner) {
  Execute(admin_,
          "GRANT CREATE ON SCHEMA public TO PUBLIC;"
          "CREATE FUNCTION public.trap(oid, regrole) RETURNS bool LANGUAGE plpgsql AS "
          "  $$BEGIN RAISE 'trapped'; END$$;"
          "CREATE OPERATOR public.= (leftarg = oid, rightarg = regrole, function = public.trap);"
          "CREATE OPERATOR public.<> (leftarg = oid, rightarg = regrole, function = public.trap)");
  FAIRWAY_EXPECT_OK(MigrateAs(admin_));
}

// While a change of owner waits for an upload, all the others would wait behind it.
TEST_F(RolesTest, ATransactionThatRunsIsNotWaitedForLong) {
  Execute(admin_, "ALTER TABLE fairway.price_series OWNER TO postgres");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto upload, postgres::CopySession::Open(ingest_, Soon()));
  FAIRWAY_ASSERT_OK(upload->Execute("BEGIN; LOCK fairway.price_series IN ROW EXCLUSIVE MODE"));
  EXPECT_THAT(MigrateAs(admin_), StatusIs(absl::StatusCode::kAborted));
  FAIRWAY_ASSERT_OK(upload->Execute("COMMIT; BEGIN"));
  FAIRWAY_EXPECT_OK(MigrateAs(admin_));
  // And needs no lock where nothing changes.
  FAIRWAY_ASSERT_OK(upload->Execute("LOCK fairway.price_series IN ROW EXCLUSIVE MODE"));
  FAIRWAY_EXPECT_OK(MigrateAs(admin_));
}

// Roles are the cluster's, so these tests have one of their own, with passwords.
class ClusterRolesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(cluster_, testing::TestCluster::StartWithTls());
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  // Of `owner`, who is made with the rights `rights`.
  static void MakeDatabase(const std::string& name, const std::string& owner,
                           const std::string& rights) {
    const postgres::ConnectionOptions admin = cluster_->options("postgres");
    if (QueryText(admin, absl::StrCat("SELECT 1 FROM pg_roles WHERE rolname = '", owner, "'"))
            .empty()) {
      Execute(admin, absl::StrCat("CREATE ROLE ", owner, " LOGIN ", rights));
    }
    Execute(admin, absl::StrCat("CREATE DATABASE ", name, " OWNER ", owner));
  }
  static postgres::ConnectionOptions By(const std::string& user, const std::string& database) {
    return testing::As(user, cluster_->options(database));
  }
  static postgres::ConnectionOptions WithPassword(const std::string& user,
                                                  const std::string& password) {
    postgres::ConnectionOptions options = testing::As(user, cluster_->tls_options("rotated"));
    options.password = password;
    return options;
  }

  static inline std::unique_ptr<testing::TestCluster> cluster_;
};

TEST_F(ClusterRolesTest, WhoMayNotCreateRolesIsToldWhatToDo) {
  MakeDatabase("poor", "poor_owner", "");
  EXPECT_THAT(MigrateAs(By("poor_owner", "poor")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("to own the database, to have CREATEROLE"),
                             HasSubstr("GRANT fairway_owner TO \"poor_owner\""))));
}

// As on RDS, whose master is no superuser; and many databases at once, the roles not there yet.
TEST_F(ClusterRolesTest, CreateroleAndADatabaseAreEnough) {
  std::vector<std::thread> threads;
  for (const char* const name : {"many_1", "many_2", "many_3", "many_4"}) {
    MakeDatabase(name, "master", "CREATEROLE");
  }
  for (const char* const name : {"many_1", "many_2", "many_3", "many_4"}) {
    threads.emplace_back([name] { FAIRWAY_EXPECT_OK(MigrateAs(By("master", name))); });
  }
  for (std::thread& thread : threads) thread.join();
  // Later migrations change what is not the master's any more, and add to it.
  Execute(By("master", "many_1"),
          "ALTER TABLE fairway.batches ADD later int;"
          "CREATE TABLE fairway.later (port int REFERENCES fairway.ports);"
          "CREATE OR REPLACE VIEW public.ports AS SELECT code, name, '' AS parent_slug "
          "FROM fairway.ports");
  FAIRWAY_ASSERT_OK(MigrateAs(By("master", "many_1"), {.ingest = Login{"ingest_many", "i"},
                                                       .query = Login{"query_many", "q"}}));
  EXPECT_EQ(QueryText(cluster_->options("many_1"),
                      "SELECT relowner::regrole FROM pg_class WHERE relname = 'later'"),
            "fairway_owner");
  EXPECT_EQ(SqlStateOf(By("query_many", "many_1"), "TABLE prices"), "");
  // Who comes after it may do the same.
  Execute(cluster_->options("postgres"),
          "CREATE ROLE next_master LOGIN CREATEROLE; ALTER DATABASE many_1 OWNER TO next_master");
  FAIRWAY_EXPECT_OK(MigrateAs(By("next_master", "many_1")));
  // And who may create none, where an administrator did so.
  MakeDatabase("prepared", "prepared_owner", "");
  Execute(cluster_->options("postgres"), "GRANT fairway_owner TO prepared_owner");
  FAIRWAY_EXPECT_OK(MigrateAs(By("prepared_owner", "prepared")));
}

// As services of an earlier release do, while another administrator migrates.
TEST_F(ClusterRolesTest, TheOwnerOfBeforeGoesOn) {
  MakeDatabase("owned", "owner_of_before", "");
  FAIRWAY_ASSERT_OK(MigrateAs(cluster_->options("owned")));
  Execute(cluster_->options("owned"),
          "REASSIGN OWNED BY fairway_owner TO owner_of_before;"
          "REVOKE fairway_owner FROM owner_of_before");
  FAIRWAY_ASSERT_OK(MigrateAs(cluster_->options("owned")));
  EXPECT_EQ(SqlStateOf(By("owner_of_before", "owned"), "DELETE FROM fairway.batches"), "");
}

TEST_F(ClusterRolesTest, ALoginThatIsMadeFromAnotherDatabaseMeanwhileIsNoError) {
  const postgres::ConnectionOptions admin = cluster_->options("postgres");
  MakeDatabase("meanwhile", "postgres", "");
  FAIRWAY_ASSERT_OK(MigrateAs(cluster_->options("meanwhile")));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto other, postgres::CopySession::Open(admin, Soon()));
  for (const char* const sql : {"CREATE ROLE query_meanwhile LOGIN IN ROLE fairway_query",
                                "ALTER ROLE query_meanwhile PASSWORD 'other'"}) {
    FAIRWAY_ASSERT_OK(other->Execute(absl::StrCat("BEGIN; ", sql)));
    std::thread migration([] {
      FAIRWAY_EXPECT_OK(
          MigrateAs(cluster_->options("meanwhile"),
                    {.ingest = std::nullopt, .query = Login{"query_meanwhile", "ours"}}));
    });
    while (Query(admin, "SELECT FROM pg_locks WHERE NOT granted").empty())
      std::this_thread::yield();
    FAIRWAY_EXPECT_OK(other->Execute("COMMIT"));
    migration.join();
  }
}

TEST_F(ClusterRolesTest, LoginsTakeTurnsWithoutAnOutage) {
  MakeDatabase("rotated", "rotating_master", "CREATEROLE");
  const auto set = [](const std::string& name, const std::string& password) {
    FAIRWAY_ASSERT_OK(MigrateAs(By("rotating_master", "rotated"),
                                {.ingest = std::nullopt, .query = Login{name, password}}));
  };
  const auto open = [](const std::string& name, const std::string& password) {
    return postgres::CopySession::Open(WithPassword(name, password), Soon());
  };
  set("fairway_query_a", "first");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto of_a, open("fairway_query_a", "first"));
  set("fairway_query_b", "second");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto of_b, open("fairway_query_b", "second"));
  FAIRWAY_EXPECT_OK(of_a->Execute("TABLE fairway.dataset"));
  FAIRWAY_EXPECT_OK(open("fairway_query_a", "first")) << "tasks that are not replaced yet";
  set("fairway_query_a", "third");
  EXPECT_THAT(open("fairway_query_a", "first"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("password")));
  FAIRWAY_EXPECT_OK(open("fairway_query_a", "third"));
  FAIRWAY_EXPECT_OK(open("fairway_query_b", "second"));
  for (const auto* session : {&of_a, &of_b}) {
    FAIRWAY_EXPECT_OK((*session)->Execute("TABLE fairway.dataset"));
  }
}

}  // namespace
}  // namespace fairway
