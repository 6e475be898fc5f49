#include "libs/domain/row_error.h"

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

TEST(RowErrorTest, EveryReasonIsReadBackFromItsName) {
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    const auto reason = static_cast<RowErrorReason>(i);
    EXPECT_THAT(ParseRowErrorReason(RowErrorReasonName(reason)), IsOkAndHolds(reason));
  }
}

TEST(RowErrorTest, OtherNamesAreNoReason) {
  for (const char* name : {"NO_SUCH_REASON", ""}) {
    EXPECT_THAT(ParseRowErrorReason(name), StatusIs(absl::StatusCode::kDataLoss)) << name;
  }
}

}  // namespace
}  // namespace fairway
