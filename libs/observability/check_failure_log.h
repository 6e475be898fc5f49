#pragma once

#include <functional>

#include "libs/base/check.h"
#include "libs/observability/log.h"

namespace fairway::observability {

// For a CheckFailureHook: writes a failed check and its stack trace to the log. Borrows the logger.
inline std::function<void(const CheckFailure&)> LogCheckFailures(const Logger* logger) {
  return [logger](const CheckFailure& failure) {
    logger->Error("check failed",
                  {{"error", failure.message}, {"stack_trace", failure.stack_trace}});
  };
}

}  // namespace fairway::observability
