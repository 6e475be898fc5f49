#include "libs/config/database_options.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::config {
namespace {

class DatabaseOptionsTest : public ::testing::Test {
 protected:
  DatabaseOptionsTest() { AddDatabaseOptions(app_, options_); }
  ~DatabaseOptionsTest() override {
    unsetenv("POSTGRES_DB");
    unsetenv("POSTGRES_HOST");
    unsetenv("POSTGRES_PORT");
    unsetenv("POSTGRES_USER");
    unsetenv("POSTGRES_PASSWORD");
    unsetenv("POSTGRES_SSLMODE");
    unsetenv("POSTGRES_SSLROOTCERT");
  }

  CLI::App app_;
  DatabaseOptions options_;
};

TEST_F(DatabaseOptionsTest, HaveDefaults) {
  app_.parse("");
  EXPECT_EQ(options_.host, "localhost");
  EXPECT_EQ(options_.port, "5432");
  EXPECT_EQ(options_.user, "fairway");
  EXPECT_EQ(options_.database, "fairway");
}

TEST_F(DatabaseOptionsTest, TheVariablesAreThoseOfTheContainerImage) {
  setenv("POSTGRES_HOST", "a-host", 1);
  setenv("POSTGRES_PORT", "6543", 1);
  setenv("POSTGRES_USER", "a-user", 1);
  setenv("POSTGRES_DB", "a-database", 1);
  app_.parse("");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const postgres::ConnectionOptions connection,
                               ConnectionOptionsOf(options_, "a-test"));
  EXPECT_EQ(connection.host, "a-host");
  EXPECT_EQ(connection.port, "6543");
  EXPECT_EQ(connection.user, "a-user");
  EXPECT_EQ(connection.database, "a-database");
}

TEST_F(DatabaseOptionsTest, TheEnvironmentBeatsTheDefaultAndTheFlagBeatsBoth) {
  setenv("POSTGRES_HOST", "from-environment", 1);
  app_.parse("--postgres-port 6000");
  EXPECT_EQ(options_.host, "from-environment");
  EXPECT_EQ(options_.port, "6000");
  app_.parse("--postgres-host from-flag");
  EXPECT_EQ(options_.host, "from-flag");
}

TEST_F(DatabaseOptionsTest, ThePasswordComesFromTheEnvironmentAlone) {
  setenv("POSTGRES_PASSWORD", "hunter2", 1);
  app_.parse("--postgres-user u --postgres-db d");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const postgres::ConnectionOptions connection,
                               ConnectionOptionsOf(options_, "a-test"));
  EXPECT_EQ(connection.password, "hunter2");
  EXPECT_EQ(connection.user, "u");
  EXPECT_EQ(connection.database, "d");
  EXPECT_EQ(connection.application_name, "a-test");
  EXPECT_THROW(app_.parse("--postgres-password hunter2"), CLI::ParseError);
}

TEST_F(DatabaseOptionsTest, TlsIsLibpqsUnlessSaid) {
  app_.parse("");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const postgres::ConnectionOptions unsaid,
                               ConnectionOptionsOf(options_, "a-test"));
  EXPECT_EQ(unsaid.ssl_mode, "");
  EXPECT_EQ(unsaid.ssl_root_cert, "");
  setenv("POSTGRES_SSLMODE", "verify-full", 1);
  setenv("POSTGRES_SSLROOTCERT", "/dev/null", 1);
  app_.parse("");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const postgres::ConnectionOptions connection,
                               ConnectionOptionsOf(options_, "a-test"));
  EXPECT_EQ(connection.ssl_mode, "verify-full");
  EXPECT_EQ(connection.ssl_root_cert, "/dev/null");
  EXPECT_THROW(app_.parse("--postgres-sslmode verify_full"), CLI::ParseError);
}

TEST_F(DatabaseOptionsTest, RootCertificatesMustBeThere) {
  app_.parse("--postgres-sslmode verify-full --postgres-sslrootcert /no/such/root.pem");
  EXPECT_THAT(ConnectionOptionsOf(options_, "a-test"),
              testing::StatusIs(absl::StatusCode::kNotFound,
                                ::testing::HasSubstr("cannot read /no/such/root.pem")));
}

TEST_F(DatabaseOptionsTest, RootCertificatesThatVerifyNothingAreAMistake) {
  for (const char* const mode : {"", "--postgres-sslmode prefer", "--postgres-sslmode disable"}) {
    app_.parse(absl::StrCat("--postgres-sslrootcert /dev/null ", mode));
    EXPECT_THAT(ConnectionOptionsOf(options_, "a-test"),
                testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                  ::testing::HasSubstr("expected POSTGRES_SSLMODE")));
  }
}

TEST_F(DatabaseOptionsTest, VerifyingNeedsRootCertificates) {
  for (const char* const mode : {"verify-full", "verify-ca"}) {
    app_.parse(absl::StrCat("--postgres-sslmode ", mode));
    EXPECT_THAT(ConnectionOptionsOf(options_, "a-test"),
                testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                  ::testing::HasSubstr("needs POSTGRES_SSLROOTCERT")));
  }
}

TEST_F(DatabaseOptionsTest, SeveralHostsHaveOnePortOrOneEach) {
  for (const char* const line :
       {"--postgres-host a,b --postgres-port 5432,5433", "--postgres-host a,b --postgres-port 5433",
        "--postgres-host a", "--postgres-port 1", "--postgres-port 65535"}) {
    app_.parse(line);
    FAIRWAY_EXPECT_OK(ConnectionOptionsOf(options_, "a-test"));
  }
  for (const char* const line :
       {"--postgres-host a,b --postgres-port 1,2,3", "--postgres-host a,b,c --postgres-port 1,2",
        "--postgres-host a --postgres-port 1,2"}) {
    app_.parse(line);
    EXPECT_THAT(ConnectionOptionsOf(options_, "a-test"),
                testing::StatusIs(absl::StatusCode::kInvalidArgument))
        << line;
  }
  for (const char* const ports : {"0", "65536", "5432,", ",", "5432;5433", "x"}) {
    EXPECT_THROW(app_.parse(std::string("--postgres-port ") + ports), CLI::ParseError) << ports;
  }
}

}  // namespace
}  // namespace fairway::config
