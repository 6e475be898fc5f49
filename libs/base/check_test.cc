#include "libs/base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace fairway {
namespace {

void FailBecause(int size) { FAIRWAY_CHECK(size > 3); }

TEST(CheckTest, PassesWhileTheConditionHolds) { FailBecause(4); }

TEST(CheckDeathTest, NamesThePlaceAndTheCondition) {
  EXPECT_DEATH(FailBecause(3), "check_test\\.cc:[0-9]+: check failed: size > 3");
}

TEST(CheckDeathTest, PrintsAStackTrace) { EXPECT_DEATH(FailBecause(3), "size > 3\n[0-9a-f]+ "); }

TEST(CheckDeathTest, ReportsThroughTheHook) {
  const CheckFailureHook hook([](const CheckFailure& failure) {
    std::fprintf(stderr, "reported: %s, %s trace\n", std::string(failure.message).c_str(),
                 failure.stack_trace.empty() ? "no" : "a");
  });
  EXPECT_DEATH(FailBecause(3), "reported: .*check failed: size > 3, a trace");
}

TEST(CheckDeathTest, AFailureInTheHookEndsTheProcess) {
  const CheckFailureHook hook([](const CheckFailure&) { FailBecause(2); });
  EXPECT_DEATH(FailBecause(3), "check failed: size > 3");
}

TEST(CheckDeathTest, TheHookEndsWithItsObject) {
  {
    const CheckFailureHook hook([](const CheckFailure&) { std::_Exit(0); });
  }
  EXPECT_DEATH(FailBecause(3), "check failed: size > 3");
}

}  // namespace
}  // namespace fairway
