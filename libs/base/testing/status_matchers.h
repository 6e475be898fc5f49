#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

// Matchers for absl::Status and absl::StatusOr, which this Abseil does not ship yet. Tests only.
namespace fairway::testing {

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }

template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << "whose status is " << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}

MATCHER_P(IsOkAndHolds, value, "is OK and holds a matching value") {
  if (!arg.ok()) {
    *result_listener << "whose status is " << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(value, *arg, result_listener);
}

MATCHER_P2(StatusIsMatching, code, message, "has a matching status") {
  const absl::Status& status = GetStatus(arg);
  *result_listener << "whose status is " << status.ToString();
  return status.code() == code && ::testing::Matches(message)(std::string(status.message()));
}

template <typename MessageMatcher>
auto StatusIs(absl::StatusCode code, MessageMatcher message) {
  return StatusIsMatching(code, ::testing::Matcher<std::string>(message));
}

inline auto StatusIs(absl::StatusCode code) {
  return StatusIsMatching(code, ::testing::Matcher<std::string>(::testing::_));
}

}  // namespace fairway::testing

#define FAIRWAY_ASSERT_OK(expression) ASSERT_THAT((expression), ::fairway::testing::IsOk())
#define FAIRWAY_EXPECT_OK(expression) EXPECT_THAT((expression), ::fairway::testing::IsOk())

// ASSIGN_OR_RETURN for tests: fails the test (in a void function) instead of returning.
#define FAIRWAY_ASSERT_OK_AND_ASSIGN(target, expression)                                         \
  FAIRWAY_ASSERT_OK_AND_ASSIGN_INNER(FAIRWAY_MATCHERS_CONCAT(fairway_result_, __LINE__), target, \
                                     expression)
#define FAIRWAY_MATCHERS_CONCAT_INNER(a, b) a##b
#define FAIRWAY_MATCHERS_CONCAT(a, b) FAIRWAY_MATCHERS_CONCAT_INNER(a, b)
#define FAIRWAY_ASSERT_OK_AND_ASSIGN_INNER(result, target, expression) \
  auto result = (expression);                                          \
  ASSERT_THAT(result, ::fairway::testing::IsOk());                     \
  target = *std::move(result)
