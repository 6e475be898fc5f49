#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define FAIRWAY_STATUS_CONCAT_INNER(a, b) a##b
#define FAIRWAY_STATUS_CONCAT(a, b) FAIRWAY_STATUS_CONCAT_INNER(a, b)

// Returns the status of `expression` from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expression)                                                    \
  do {                                                                                 \
    if (absl::Status fairway_status = (expression); !fairway_status.ok()) [[unlikely]] \
      return fairway_status;                                                           \
  } while (false)

// Moves the value of a StatusOr `expression` into `target`, or returns its status:
//   ASSIGN_OR_RETURN(const Day day, ParseDay(text));
#define ASSIGN_OR_RETURN(target, expression) \
  FAIRWAY_ASSIGN_OR_RETURN(FAIRWAY_STATUS_CONCAT(fairway_status_or_, __LINE__), target, expression)

#define FAIRWAY_ASSIGN_OR_RETURN(result, target, expression) \
  auto result = (expression);                                \
  if (!result.ok()) [[unlikely]]                             \
    return std::move(result).status();                       \
  target = *std::move(result)
