#include "services/ingest/options.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace fairway::ingest {
namespace {

class IngestOptionsTest : public ::testing::Test {
 protected:
  bool Parses(const std::string& arguments) {
    options_ = {};
    CLI::App app;
    AddOptions(app, options_);
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  }

  Options options_;
};

TEST_F(IngestOptionsTest, HaveTheirDefaults) {
  ASSERT_TRUE(Parses(""));
  EXPECT_EQ(options_.service.listen, "127.0.0.1:50052");
  EXPECT_EQ(options_.service.admin, "127.0.0.1:9465");
  EXPECT_EQ(options_.service.drain_seconds, 90);
  EXPECT_EQ(options_.service.shutdown_seconds, 5);
  EXPECT_EQ(options_.uploads_max, 8);
  EXPECT_EQ(options_.connections_max, 16);
  EXPECT_EQ(options_.ecs_agent_uri, "");
}

TEST_F(IngestOptionsTest, HaveTheirBounds) {
  for (const std::string name : {"--uploads-max ", "--connections-max "}) {
    EXPECT_TRUE(Parses(name + "1"));
    EXPECT_TRUE(Parses(name + "256"));
    EXPECT_FALSE(Parses(name + "0"));
    EXPECT_FALSE(Parses(name + "257"));
  }
  EXPECT_TRUE(Parses("--drain 0"));
  EXPECT_TRUE(Parses("--drain 3600"));
  EXPECT_FALSE(Parses("--drain -1"));
  EXPECT_FALSE(Parses("--drain 3601"));
}

TEST_F(IngestOptionsTest, ComeFromTheEnvironmentToo) {
  constexpr const char* kVariables[][2] = {{"FAIRWAY_INGEST_UPLOADS_MAX", "3"},
                                           {"FAIRWAY_INGEST_CONNECTIONS_MAX", "4"},
                                           {"FAIRWAY_INGEST_DRAIN", "5"},
                                           {"ECS_AGENT_URI", "http://agent"}};
  for (const auto& [name, value] : kVariables) setenv(name, value, 1);
  EXPECT_TRUE(Parses("--uploads-max 7"));
  EXPECT_EQ(options_.uploads_max, 7) << "the command line comes first";
  EXPECT_TRUE(Parses(""));
  for (const auto& [name, value] : kVariables) unsetenv(name);
  EXPECT_EQ(options_.uploads_max, 3);
  EXPECT_EQ(options_.connections_max, 4);
  EXPECT_EQ(options_.service.drain_seconds, 5);
  EXPECT_EQ(options_.ecs_agent_uri, "http://agent");
}

}  // namespace
}  // namespace fairway::ingest
