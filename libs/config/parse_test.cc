#include "libs/config/parse.h"

#include <array>
#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::config {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class ParseTest : public ::testing::Test {
 protected:
  ParseTest() {
    app_.add_option("--port", port_, "A port")->capture_default_str()->envname("FAIRWAY_TEST_PORT");
    app_.add_option("--name", name_, "A name")->capture_default_str();
  }
  ~ParseTest() override { unsetenv("FAIRWAY_TEST_PORT"); }

  template <size_t kCount>
  std::optional<int> Run(std::array<const char*, kCount> arguments) {
    return Parse(app_, kCount, arguments.data());
  }

  CLI::App app_{"A program"};
  int port_ = 1;
  std::string name_ = "nobody";
};

TEST_F(ParseTest, GoesOnWhenAllIsWell) {
  EXPECT_EQ(Run(std::array{"program", "--port", "7"}), std::nullopt);
  EXPECT_EQ(port_, 7);
}

TEST_F(ParseTest, HelpEndsWellAndMistakesDoNot) {
  EXPECT_EQ(Run(std::array{"program", "--help"}), 0);
  EXPECT_EQ(Run(std::array{"program", "--prot", "7"}), 2);
  EXPECT_EQ(Run(std::array{"program", "--port", "seven"}), 2);
}

TEST_F(ParseTest, NamesAnUnknownCommandAndTheClosestOne) {
  app_.require_subcommand(1);
  app_.add_subcommand("upload")->require_subcommand(1)->add_subcommand("now");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run(std::array{"program", "uplaod"}), 2);
  EXPECT_EQ(Run(std::array{"program", "upload", "never"}), 2);
  EXPECT_EQ(Run(std::array{"program"}), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("unknown command 'uplaod'; did you mean 'upload'?"),
                    HasSubstr("unknown command 'never'\n"), HasSubstr("A subcommand is required")));
}

TEST_F(ParseTest, NamesAnUnknownOptionAndTheClosestOne) {
  app_.fallthrough();
  app_.add_subcommand("upload")->add_option("--partner")->required();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run(std::array{"program", "upload", "--prtner=acme"}), 2);
  EXPECT_EQ(Run(std::array{"program", "upload", "--partner=acme", "--prot=1"}), 2);
  EXPECT_EQ(Run(std::array{"program", "upload", "--partner=acme", "--colour"}), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("unknown option '--prtner'; did you mean '--partner'?"),
                    HasSubstr("unknown option '--prot'; did you mean '--port'?"),
                    HasSubstr("unknown option '--colour'\n")));
}

TEST_F(ParseTest, NamesTheVariableThatIsWrong) {
  app_.get_option("--port")->check(CLI::Range(1, 9));
  setenv("FAIRWAY_TEST_PORT", "seven", 1);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run(std::array{"program"}), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("FAIRWAY_TEST_PORT: Value seven"), Not(HasSubstr("--port"))));
  for (const char* argument : {"--port=ten", "--port=11"}) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Run(std::array{"program", argument}), 2);
    EXPECT_THAT(::testing::internal::GetCapturedStderr(),
                AllOf(HasSubstr("--port: Value"), Not(HasSubstr("FAIRWAY_TEST_PORT"))));
  }
}

TEST_F(ParseTest, NamesTheVariableThatCannotBeConverted) {
  setenv("FAIRWAY_TEST_PORT", "seven", 1);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run(std::array{"program"}), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("FAIRWAY_TEST_PORT = seven"));
}

TEST_F(ParseTest, DescribesTheLastOfSeveralValues) {
  app_.get_option("--port")->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  ASSERT_EQ(Run(std::array{"program", "--port", "7", "--port", "8"}), std::nullopt);
  EXPECT_EQ(port_, 8);
  EXPECT_THAT(Describe(app_), Contains(Pair("port", "8")));
}

TEST_F(ParseTest, DescribesEveryValueWhereverItCameFrom) {
  setenv("FAIRWAY_TEST_PORT", "9", 1);
  ASSERT_EQ(Run(std::array{"program"}), std::nullopt);
  EXPECT_THAT(Describe(app_), Contains(Pair("port", "9")));
  EXPECT_THAT(Describe(app_), Contains(Pair("name", "nobody")));
  EXPECT_EQ(Describe(app_).size(), 2) << "--help has no value";
}

}  // namespace
}  // namespace fairway::config
