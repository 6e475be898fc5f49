#include "libs/postgres/connection_options.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::postgres {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

std::map<std::string, std::string> Settings(const ConnectionOptions& options) {
  const auto settings = KeywordValues(options);
  return {settings.begin(), settings.end()};
}

ConnectionOptions Example() {
  ConnectionOptions options;
  options.host = "db.example";
  options.port = "6543";
  options.user = "writer";
  options.password = "it's a 'secret' \\ phrase";
  options.database = "rates";
  return options;
}

TEST(ConnectionOptionsTest, SaysWhereAndWhoWithoutQuoting) {
  const auto settings = Settings(Example());
  EXPECT_THAT(settings, Contains(Pair("host", "db.example")));
  EXPECT_THAT(settings, Contains(Pair("port", "6543")));
  EXPECT_THAT(settings, Contains(Pair("user", "writer")));
  EXPECT_THAT(settings, Contains(Pair("password", "it's a 'secret' \\ phrase")));
  EXPECT_THAT(settings, Contains(Pair("dbname", "rates")));
}

TEST(ConnectionOptionsTest, BothSidesNoticeAPeerThatVanished) {
  const auto settings = Settings(Example());
  EXPECT_THAT(settings, Contains(Pair("keepalives_idle", "5")));
  EXPECT_THAT(settings, Contains(Pair("tcp_user_timeout", "15000")));
  EXPECT_THAT(settings.at("options"), HasSubstr("-c tcp_keepalives_idle=5"));
  EXPECT_THAT(settings.at("options"), HasSubstr("-c client_connection_check_interval=20"));
}

// All of them: one that is missing is not missed before a network fails.
TEST(ConnectionOptionsTest, Defaults) {
  ConnectionOptions options;
  EXPECT_EQ(options.connect_timeout, absl::Seconds(3));
  EXPECT_THAT(
      KeywordValues(options),
      ElementsAre(Pair("port", "5432"), Pair("application_name", "fairway"),
                  Pair("client_encoding", "UTF8"), Pair("keepalives_idle", "5"),
                  Pair("keepalives_interval", "3"), Pair("keepalives_count", "3"),
                  Pair("tcp_user_timeout", "15000"), Pair("target_session_attrs", "read-write"),
                  Pair("options",
                       "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 "
                       "-c tcp_keepalives_count=3 -c tcp_user_timeout=15000 "
                       "-c client_connection_check_interval=20 "
                       "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=0")));
}

TEST(ConnectionOptionsTest, SessionTimeoutsBecomeServerSettings) {
  ConnectionOptions options = Example();
  options.idle_in_transaction_timeout = absl::Seconds(7);
  options.lock_timeout = absl::Milliseconds(250);
  EXPECT_THAT(Settings(options).at("options"),
              HasSubstr("-c idle_in_transaction_session_timeout=7000 -c lock_timeout=250"));
}

TEST(ConnectionOptionsTest, OnlyWritersInsistOnAPrimary) {
  ConnectionOptions options = Example();
  EXPECT_THAT(Settings(options), Contains(Pair("target_session_attrs", "read-write")));
  options.read_write = false;
  EXPECT_THAT(Settings(options), Not(Contains(Key("target_session_attrs"))));
}

TEST(ConnectionOptionsTest, LeavesToLibpqWhatIsNotSaid) {
  EXPECT_THAT(Settings(ConnectionOptions()), Not(Contains(Key("password"))));
  EXPECT_THAT(Settings(ConnectionOptions()), Not(Contains(Key("host"))));
}

TEST(ConnectionOptionsTest, SaysHowTheServerIsVerified) {
  ConnectionOptions options = Example();
  options.ssl_mode = "verify-full";
  options.ssl_root_cert = "/etc/fairway/root.pem";
  EXPECT_THAT(Settings(options), Contains(Pair("sslmode", "verify-full")));
  EXPECT_THAT(Settings(options), Contains(Pair("sslrootcert", "/etc/fairway/root.pem")));
}

TEST(ConnectionOptionsTest, DescriptionKeepsThePasswordSecret) {
  EXPECT_EQ(Describe(Example()), "writer@db.example:6543/rates");
}

}  // namespace
}  // namespace fairway::postgres
