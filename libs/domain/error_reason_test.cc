#include "libs/domain/error_reason.h"

#include <set>
#include <string>

#include "absl/strings/strip.h"
#include "fairway/v1/batch.pb.h"
#include "fairway/v1/error_reason.pb.h"
#include "gtest/gtest.h"

#include "libs/domain/batch.h"
#include "libs/domain/row_error.h"

// The domain's names are those of the contract: each list is compared with its enum, both ways.
namespace fairway {
namespace {

// The names of all values but the unspecified one, without the enum's prefix.
std::set<std::string> NamesOf(const google::protobuf::EnumDescriptor& descriptor,
                              absl::string_view prefix) {
  std::set<std::string> names;
  for (int i = 0; i < descriptor.value_count(); ++i) {
    if (descriptor.value(i)->number() == 0) continue;
    absl::string_view name = descriptor.value(i)->name();
    EXPECT_TRUE(absl::ConsumePrefix(&name, prefix)) << name;
    names.insert(std::string(name));
  }
  return names;
}

TEST(ErrorReasonTest, IsTheEnumOfTheContract) {
  const std::set<std::string> reasons(reasons::kAll.begin(), reasons::kAll.end());
  EXPECT_EQ(reasons.size(), reasons::kAll.size()) << "a reason is listed twice";
  EXPECT_EQ(reasons, NamesOf(*v1::ErrorReason_descriptor(), "ERROR_REASON_"));
}

TEST(RowErrorReasonTest, IsTheEnumOfTheContract) {
  std::set<std::string> names;
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    names.insert(std::string(RowErrorReasonName(static_cast<RowErrorReason>(i))));
  }
  EXPECT_EQ(names, NamesOf(*v1::RowErrorReason_descriptor(), "ROW_ERROR_REASON_"));
}

TEST(BatchStateTest, IsTheEnumOfTheContract) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(BatchState::kExpired); ++i) {
    names.insert(std::string(BatchStateName(static_cast<BatchState>(i))));
  }
  EXPECT_EQ(names, NamesOf(*v1::BatchState_descriptor(), "BATCH_STATE_"));
}

}  // namespace
}  // namespace fairway
