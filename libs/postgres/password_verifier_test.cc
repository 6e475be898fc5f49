#include "libs/postgres/password_verifier.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::postgres {
namespace {

TEST(PasswordVerifierTest, IsSaltedScram) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string first, MakePasswordVerifier("u", "hunter2"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string second, MakePasswordVerifier("u", "hunter2"));
  EXPECT_THAT(first, ::testing::StartsWith("SCRAM-SHA-256$4096:"));
  EXPECT_THAT(first, ::testing::Not(::testing::HasSubstr("hunter2")));
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace fairway::postgres
