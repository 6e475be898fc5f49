#include "libs/config/secret.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::config {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

class SecretTest : public ::testing::Test {
 protected:
  ~SecretTest() override {
    unsetenv("FAIRWAY_TEST_SECRET");
    unsetenv("FAIRWAY_TEST_SECRET_FILE");
    std::filesystem::remove(path_);
  }
  const std::string path_ = ::testing::TempDir() + "fairway-secret-" + std::to_string(::getpid());
};

TEST_F(SecretTest, IsEmptyWhereNothingIsSet) {
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"), IsOkAndHolds(""));
}

TEST_F(SecretTest, ComesFromTheEnvironment) {
  setenv("FAIRWAY_TEST_SECRET", "hunter2\n", 1);
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"), IsOkAndHolds("hunter2\n"));
}

TEST_F(SecretTest, ComesFromAFileWithoutItsLastNewline) {
  std::ofstream(path_) << "hunter\n2\n";
  setenv("FAIRWAY_TEST_SECRET_FILE", path_.c_str(), 1);
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"), IsOkAndHolds("hunter\n2"));
}

TEST_F(SecretTest, AFileThatIsNotThereIsAnError) {
  setenv("FAIRWAY_TEST_SECRET_FILE", path_.c_str(), 1);
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
}

TEST_F(SecretTest, AFolderIsAnError) {
  setenv("FAIRWAY_TEST_SECRET_FILE", "/tmp", 1);
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("cannot read /tmp")));
}

// It may be filled later, or be in another encoding: half of a secret is none.
TEST_F(SecretTest, AFileThatHoldsNoTextIsAnError) {
  setenv("FAIRWAY_TEST_SECRET_FILE", path_.c_str(), 1);
  for (const std::string& text : {std::string(), std::string("\n"), std::string("a\0b\0", 4)}) {
    std::ofstream(path_) << text;
    EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(path_)));
  }
}

TEST_F(SecretTest, BothAreAnErrorThatContainsNoSecret) {
  setenv("FAIRWAY_TEST_SECRET", "hunter2", 1);
  setenv("FAIRWAY_TEST_SECRET_FILE", path_.c_str(), 1);
  EXPECT_THAT(ReadSecret("FAIRWAY_TEST_SECRET"),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace fairway::config
