#include "services/query/options.h"

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace fairway::query {
namespace {

class QueryOptionsTest : public ::testing::Test {
 protected:
  QueryOptionsTest() { AddOptions(app_, options_); }
  ~QueryOptionsTest() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void Set(const std::string& name, const char* value) {
    setenv(name.c_str(), value, 1);
    variables_.push_back(name);
  }

  CLI::App app_;
  Options options_;

 private:
  std::vector<std::string> variables_;
};

TEST_F(QueryOptionsTest, HaveDefaults) {
  app_.parse("");
  EXPECT_EQ(options_.service.listen, "127.0.0.1:50051");
  EXPECT_EQ(options_.service.admin, "127.0.0.1:9464");
  EXPECT_EQ(options_.service.drain_seconds, 0);
  EXPECT_EQ(options_.engine, "memory");
  EXPECT_EQ(options_.book_bytes_max, 0);
  EXPECT_EQ(options_.book_loaders, 2);
  EXPECT_EQ(options_.connections_max, 16);
}

TEST_F(QueryOptionsTest, EachIsAVariable) {
  Set("FAIRWAY_QUERY_LISTEN", "127.0.0.1:1");
  Set("FAIRWAY_QUERY_ENGINE", "sql");
  Set("FAIRWAY_QUERY_BOOK_BYTES_MAX", "4GB");
  Set("FAIRWAY_QUERY_BOOK_LOADERS", "7");
  Set("FAIRWAY_QUERY_CONNECTIONS_MAX", "8");
  Set("FAIRWAY_QUERY_DRAIN", "9");
  app_.parse("");
  EXPECT_EQ(options_.service.listen, "127.0.0.1:1");
  EXPECT_EQ(options_.engine, "sql");
  EXPECT_EQ(options_.book_bytes_max, 4'000'000'000);
  EXPECT_EQ(options_.book_loaders, 7);
  EXPECT_EQ(options_.connections_max, 8);
  EXPECT_EQ(options_.service.drain_seconds, 9);
}

TEST_F(QueryOptionsTest, HaveBounds) {
  for (const char* const line :
       {"--book-loaders 1", "--book-loaders 64", "--connections-max 1", "--connections-max 256",
        "--drain 0", "--drain 3600", "--book-bytes-max 0", "--engine memory", "--engine sql"}) {
    EXPECT_NO_THROW(app_.parse(line)) << line;
  }
  for (const char* const line :
       {"--book-loaders 0", "--book-loaders 65", "--connections-max 0", "--connections-max 257",
        "--drain -1", "--drain 3601", "--book-bytes-max 4XB", "--engine SQL", "--engine"}) {
    EXPECT_THROW(app_.parse(line), CLI::ParseError) << line;
  }
}

}  // namespace
}  // namespace fairway::query
