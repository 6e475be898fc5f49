#include "libs/build_info/build_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairway {
namespace {

TEST(BuildInfoTest, NamesVersionCommitAndCompiler) {
  const BuildInfo info = GetBuildInfo();
  EXPECT_THAT(std::string(info.version), testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
  EXPECT_THAT(std::string(info.commit), testing::MatchesRegex("[0-9a-f]+|unknown"));
  EXPECT_THAT(std::string(info.compiler), testing::MatchesRegex("[A-Za-z]+ [0-9].*"));
}

}  // namespace
}  // namespace fairway
