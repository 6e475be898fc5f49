#include "libs/domain/row_error.h"

#include "gtest/gtest.h"

namespace fairway {
namespace {

TEST(RowErrorTest, EveryReasonIsReadBackFromItsName) {
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    const auto reason = static_cast<RowErrorReason>(i);
    RowErrorReason read = RowErrorReason::kUnknownPort;
    ASSERT_TRUE(ReadRowErrorReason(RowErrorReasonName(reason), read));
    EXPECT_EQ(read, reason);
  }
}

TEST(RowErrorTest, OtherNamesAreNoReason) {
  RowErrorReason reason;
  EXPECT_FALSE(ReadRowErrorReason("NO_SUCH_REASON", reason));
  EXPECT_FALSE(ReadRowErrorReason("", reason));
}

}  // namespace
}  // namespace fairway
