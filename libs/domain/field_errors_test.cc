#include "libs/domain/field_errors.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"

namespace fairway {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(FieldErrorsTest, NothingWrongIsOk) {
  FieldErrors errors;
  errors.Add(absl::OkStatus());
  EXPECT_TRUE(errors.empty());
  FAIRWAY_EXPECT_OK(errors.status());
}

TEST(FieldErrorsTest, OneErrorStaysAsItIs) {
  FieldErrors errors;
  const absl::Status error = InvalidPartnerError("A");
  errors.Add(error);
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(errors.status(), error);
}

TEST(FieldErrorsTest, SeveralAreReportedTogetherInOrder) {
  FieldErrors errors;
  errors.Add(InvalidDateError("first_date", "x", "not a day"));
  errors.Add(absl::OkStatus());
  errors.Add(InvalidLocationError("origin", "?", "not a location"));
  const absl::Status status = errors.status();
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidDate) << "that of the first";
  EXPECT_EQ(status.message(), "first_date: \"x\": not a day; origin: \"?\": not a location");
  EXPECT_THAT(FieldsOf(status), ElementsAre("first_date", "origin"));
  FieldErrors outer;
  outer.Add(InvalidPartnerError("A"));
  outer.Add(status);
  EXPECT_THAT(FieldsOf(outer.status()), ElementsAre("partner", "first_date", "origin"));
  EXPECT_THAT(DetailsOf(outer.status()).metadata, ElementsAre(Pair("error_count", "3")));
}

TEST(FieldErrorsTest, ValuesAreSetAndErrorsAreAdded) {
  FieldErrors errors;
  int target = 0;
  errors.SetOrAdd(absl::StatusOr<int>(7), target);
  EXPECT_EQ(target, 7);
  EXPECT_TRUE(errors.empty());
  errors.SetOrAdd(absl::StatusOr<int>(InvalidPartnerError("A")), target);
  EXPECT_EQ(target, 7);
  EXPECT_EQ(ReasonOf(errors.status()), reasons::kInvalidPartner);
}

TEST(FieldErrorsTest, HoldsABoundedNumber) {
  FieldErrors errors;
  const auto add = [&](size_t number) {
    errors.Add(InvalidRequestError(absl::StrCat("lanes[", number, "]"), "wrong"));
  };
  for (size_t i = 0; i < limits::kFieldErrorsMax; ++i) add(i);
  EXPECT_THAT(FieldsOf(errors.status()), SizeIs(limits::kFieldErrorsMax));
  EXPECT_THAT(std::string(errors.status().message()), EndsWith("lanes[19]: wrong"));
  for (size_t i = 0; i < 3; ++i) add(limits::kFieldErrorsMax + i);
  EXPECT_THAT(FieldsOf(errors.status()), SizeIs(limits::kFieldErrorsMax));
  EXPECT_THAT(std::string(errors.status().message()), EndsWith("lanes[19]: wrong; and 3 more"));
}

}  // namespace
}  // namespace fairway
