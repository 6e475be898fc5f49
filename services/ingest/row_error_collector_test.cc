#include "services/ingest/row_error_collector.h"

#include <string>

#include "gtest/gtest.h"

#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

TEST(RowErrorCollectorTest, CountsAllAndKeepsTheFirstOfEachReason) {
  RowErrorCollector errors;
  for (int64_t row = 0; row < limits::kStoredRowErrorsPerReasonMax + 1; ++row) {
    errors.Add(row, "origin", RowErrorReason::kUnknownPort, "X");
    errors.Add(row, "price", RowErrorReason::kPriceOutOfRange, "0");
  }
  EXPECT_EQ(errors.summary().error_count, 2 * (limits::kStoredRowErrorsPerReasonMax + 1));
  EXPECT_EQ(errors.summary().bad_row_count, limits::kStoredRowErrorsPerReasonMax + 1);
  EXPECT_EQ(errors.summary().first_errors.size(), 2 * limits::kStoredRowErrorsPerReasonMax);
}

TEST(RowErrorCollectorTest, AValueOfTheGreatestLengthIsKept) {
  RowErrorCollector errors;
  errors.Add(0, "origin", RowErrorReason::kNotAPort, std::string(64, 'x'));
  errors.Add(1, "origin", RowErrorReason::kNotAPort, std::string(65, 'x'));
  EXPECT_EQ(errors.summary().first_errors[0].value.size(), 64);
  EXPECT_EQ(errors.summary().first_errors[1].value.size(), 64);
}

TEST(RowErrorCollectorTest, ValuesAreCutAtACharacterAndHoldNoNul) {
  RowErrorCollector errors;
  errors.Add(0, "origin", RowErrorReason::kNotAPort, std::string(63, 'x') + "é");
  errors.Add(1, "origin", RowErrorReason::kNotAPort, std::string("a\0b", 3));
  EXPECT_EQ(errors.summary().first_errors[0].value, std::string(63, 'x'));
  EXPECT_EQ(errors.summary().first_errors[1].value, "a?b");
}

}  // namespace
}  // namespace fairway::ingest
