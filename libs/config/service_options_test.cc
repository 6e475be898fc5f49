#include "libs/config/service_options.h"

#include <cstdlib>

#include "gtest/gtest.h"

namespace fairway::config {
namespace {

class ServiceOptionsTest : public ::testing::Test {
 protected:
  ServiceOptionsTest() { AddServiceOptions(app_, "FAIRWAY_TEST_", options_); }
  ~ServiceOptionsTest() override {
    for (const char* name :
         {"FAIRWAY_TEST_ADMIN", "FAIRWAY_TEST_LISTEN", "FAIRWAY_TEST_CONNECTION_AGE",
          "FAIRWAY_TEST_SHUTDOWN", "FAIRWAY_LOG_LEVEL"}) {
      unsetenv(name);
    }
  }

  CLI::App app_;
  ServiceOptions options_ = {.listen = "127.0.0.1:1", .admin = "127.0.0.1:2"};
};

TEST_F(ServiceOptionsTest, EachServiceHasItsOwnVariables) {
  setenv("FAIRWAY_TEST_ADMIN", "127.0.0.1:3", 1);
  app_.parse("--log-level debug --postgres-db prices");
  EXPECT_EQ(options_.listen, "127.0.0.1:1");
  EXPECT_EQ(options_.admin, "127.0.0.1:3");
  EXPECT_EQ(options_.log_level, "debug");
  EXPECT_EQ(options_.database.database, "prices");
  EXPECT_FALSE(options_.check_health);
}

TEST_F(ServiceOptionsTest, EveryOptionHasItsDefaultAndItsVariable) {
  app_.parse("");
  EXPECT_EQ(options_.connection_age_seconds, 300);
  EXPECT_EQ(options_.shutdown_seconds, 10);
  EXPECT_EQ(options_.drain_seconds, 0);
  EXPECT_EQ(options_.log_level, "info");
  setenv("FAIRWAY_TEST_LISTEN", "127.0.0.1:4", 1);
  setenv("FAIRWAY_TEST_CONNECTION_AGE", "17", 1);
  setenv("FAIRWAY_TEST_SHUTDOWN", "18", 1);
  setenv("FAIRWAY_LOG_LEVEL", "error", 1);
  app_.parse("--check-health");
  EXPECT_EQ(options_.listen, "127.0.0.1:4");
  EXPECT_EQ(options_.connection_age_seconds, 17);
  EXPECT_EQ(options_.shutdown_seconds, 18);
  EXPECT_EQ(options_.log_level, "error");
  EXPECT_TRUE(options_.check_health);
}

TEST_F(ServiceOptionsTest, TakesWhatLiesWithinItsBounds) {
  for (const char* const line :
       {"--connection-age 0", "--connection-age 86400", "--shutdown 0", "--shutdown 3600",
        "--log-level debug", "--log-level info", "--log-level warning", "--log-level error"}) {
    EXPECT_NO_THROW(app_.parse(line)) << line;
  }
}

TEST_F(ServiceOptionsTest, RefusesWhatMakesNoSense) {
  for (const char* const line : {"--connection-age -1", "--connection-age 86401", "--shutdown -1",
                                 "--shutdown 3601", "--log-level loud", "--log-level warn"}) {
    EXPECT_THROW(app_.parse(line), CLI::ParseError) << line;
  }
}

}  // namespace
}  // namespace fairway::config
