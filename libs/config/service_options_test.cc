#include "libs/config/service_options.h"

#include <cstdlib>

#include "gtest/gtest.h"

namespace fairway::config {
namespace {

class ServiceOptionsTest : public ::testing::Test {
 protected:
  ServiceOptionsTest() { AddServiceOptions(app_, "FAIRWAY_TEST_", options_); }
  ~ServiceOptionsTest() override { unsetenv("FAIRWAY_TEST_ADMIN"); }

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

TEST_F(ServiceOptionsTest, RefusesWhatMakesNoSense) {
  EXPECT_THROW(app_.parse("--connection-age 0"), CLI::ParseError);
  EXPECT_THROW(app_.parse("--log-level loud"), CLI::ParseError);
}

}  // namespace
}  // namespace fairway::config
