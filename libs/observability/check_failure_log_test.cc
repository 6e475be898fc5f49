#include "libs/observability/check_failure_log.h"

#include <iostream>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::observability {
namespace {

using ::testing::HasSubstr;

TEST(CheckFailureLogTest, AFailureIsOneLineOfTheLog) {
  std::ostringstream out;
  const Logger logger("query", LogLevel::kInfo, out);
  LogCheckFailures (&logger)(
      {.message = "a.cc:7: check failed: size > 0", .stack_trace = "1 f\n2 g\n"});
  const std::string line = out.str();
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_THAT(line, HasSubstr("\"error\":\"a.cc:7: check failed: size > 0\""));
  EXPECT_THAT(line, HasSubstr("\"stack_trace\":\"1 f\\n2 g\\n\""));
}

void FailAndLog() {
  const Logger logger("query", LogLevel::kInfo, std::cerr);
  const CheckFailureHook hook(LogCheckFailures(&logger));
  FAIRWAY_CHECK(1 + 1 == 3);
}

TEST(CheckFailureLogDeathTest, TheLineIsWrittenBeforeTheProcessAborts) {
  EXPECT_DEATH(FailAndLog(), "check failed\".*check failed: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace fairway::observability
