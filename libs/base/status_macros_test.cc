#include "libs/base/status_macros.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

absl::StatusOr<std::unique_ptr<int>> Make(bool succeed) {
  if (!succeed) return absl::NotFoundError("nothing made");
  return std::make_unique<int>(7);
}

absl::StatusOr<int> Twice(bool succeed) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> value, Make(succeed));
  return *value * 2;
}

absl::Status Check(bool succeed) {
  RETURN_IF_ERROR(Make(succeed).status());
  return absl::OkStatus();
}

TEST(StatusMacrosTest, AssignMovesTheValue) { EXPECT_THAT(Twice(true), IsOkAndHolds(14)); }

TEST(StatusMacrosTest, AssignReturnsTheError) {
  EXPECT_THAT(Twice(false), StatusIs(absl::StatusCode::kNotFound));
}

TEST(StatusMacrosTest, ReturnIfErrorPassesOnlyErrors) {
  EXPECT_TRUE(Check(true).ok());
  EXPECT_THAT(Check(false), StatusIs(absl::StatusCode::kNotFound, ::testing::HasSubstr("nothing")));
}

}  // namespace
}  // namespace fairway
