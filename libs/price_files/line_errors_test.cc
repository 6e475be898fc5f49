#include "libs/price_files/line_errors.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(LineErrorsTest, OneIsTheMessage) {
  LineErrors errors("a.csv");
  FAIRWAY_EXPECT_OK(errors.status());
  errors.Add(7, "it is wrong");
  EXPECT_EQ(errors.status().message(), "a.csv:7: it is wrong");
  EXPECT_EQ(ReasonOf(errors.status()), kRowsReason);
  EXPECT_THAT(DetailsOf(errors.status()).field_violations, IsEmpty());
}

TEST(LineErrorsTest, ALineNeedNotBeKnown) {
  LineErrors errors("a.csv");
  errors.Add(0, "it is wrong");
  EXPECT_EQ(errors.status().message(), "a.csv: it is wrong");
}

TEST(LineErrorsTest, SeveralAreListedByLine) {
  LineErrors errors("a.csv");
  errors.Add(9, "first");
  errors.Add(2, "second");
  errors.Add(9, "third");
  EXPECT_THAT(DetailsOf(errors.status()).field_violations,
              ElementsAre(FieldViolation{"a.csv:2", "second"}, FieldViolation{"a.csv:9", "first"},
                          FieldViolation{"a.csv:9", "third"}));
}

TEST(LineErrorsTest, ManyAreCounted) {
  LineErrors errors("a.csv");
  for (size_t i = 0; i < limits::kFieldErrorsMax + 5; ++i) errors.Add(1, "wrong");
  errors.AddUnlisted(2);
  const ErrorDetails details = DetailsOf(errors.status());
  EXPECT_THAT(details.field_violations, SizeIs(limits::kFieldErrorsMax + 1));
  EXPECT_EQ(details.field_violations.back(), (FieldViolation{"a.csv", "and 7 more"}));
}

}  // namespace
}  // namespace fairway::price_files
