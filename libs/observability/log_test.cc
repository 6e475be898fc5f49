#include "libs/observability/log.h"

#include <nlohmann/json.hpp>

#include <sstream>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::observability {
namespace {

TEST(LogTest, WritesOneJsonObjectPerLine) {
  std::ostringstream out;
  const Logger logger("query", LogLevel::kInfo, out);
  logger.Info("a \"message\"\nof two lines {}",
              {{"request_id", "r1"}, {"rows", int64_t{7}}, {"seconds", 0.5}, {"replayed", true}});
  const nlohmann::json line = nlohmann::json::parse(out.str());
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["service"], "query");
  EXPECT_EQ(line["message"], "a \"message\"\nof two lines {}");
  EXPECT_EQ(line["request_id"], "r1");
  EXPECT_EQ(line["rows"], 7);
  EXPECT_EQ(line["seconds"], 0.5);
  EXPECT_EQ(line["replayed"], true);
  EXPECT_EQ(std::string(line["time"]).back(), 'Z');
  EXPECT_EQ(out.str().find('\n'), out.str().size() - 1);
}

TEST(LogTest, SaysNothingBelowItsLevel) {
  std::ostringstream out;
  const Logger logger("query", LogLevel::kWarning, out);
  logger.Debug("debug");
  logger.Info("info");
  EXPECT_EQ(out.str(), "");
  logger.Warning("warning");
  logger.Error("error");
  EXPECT_NE(out.str().find("\"warning\""), std::string::npos);
  EXPECT_NE(out.str().find("\"error\""), std::string::npos);
}

TEST(LogTest, EachLevelWritesItselfAndThoseAbove) {
  const std::vector<std::string> names = {"debug", "info", "warning", "error"};
  for (size_t least = 0; least < names.size(); ++least) {
    std::ostringstream out;
    const Logger logger("query", ParseLogLevel(names[least]).value(), out);
    logger.Debug("x");
    logger.Info("x");
    logger.Warning("x");
    logger.Error("x");
    std::istringstream in(out.str());
    std::vector<std::string> levels;
    for (std::string line; std::getline(in, line);) {
      levels.push_back(nlohmann::json::parse(line)["level"]);
    }
    EXPECT_EQ(levels,
              std::vector<std::string>(names.begin() + static_cast<ptrdiff_t>(least), names.end()));
    for (size_t level = 0; level < names.size(); ++level) {
      EXPECT_EQ(logger.IsOn(ParseLogLevel(names[level]).value()), level >= least) << names[level];
    }
  }
}

TEST(LogTest, BytesThatAreNoTextDoNotBreakALine) {
  std::ostringstream out;
  const Logger logger("query", LogLevel::kInfo, out);
  logger.Info("bad", {{"value", "\xff\xfe"}});
  EXPECT_FALSE(nlohmann::json::parse(out.str()).is_discarded());
}

TEST(LogTest, LinesOfManyThreadsStayWhole) {
  std::ostringstream out;
  const Logger logger("query", LogLevel::kInfo, out);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) logger.Info("line", {{"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream in(out.str());
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) {
    EXPECT_FALSE(nlohmann::json::parse(line).is_discarded());
  }
  EXPECT_EQ(lines, 400);
}

TEST(LogTest, LevelsHaveNames) {
  EXPECT_THAT(ParseLogLevel("debug"), testing::IsOkAndHolds(LogLevel::kDebug));
  EXPECT_THAT(ParseLogLevel("info"), testing::IsOkAndHolds(LogLevel::kInfo));
  EXPECT_THAT(ParseLogLevel("warning"), testing::IsOkAndHolds(LogLevel::kWarning));
  EXPECT_THAT(ParseLogLevel("error"), testing::IsOkAndHolds(LogLevel::kError));
  EXPECT_THAT(ParseLogLevel("loud"), testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace fairway::observability
