#pragma once

#include "absl/status/status.h"

namespace fairway::cli {

// The exit status of the command. Part of the interface: scripts branch on it.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,      // The service refused the request, or failed.
  kUsage = 2,        // The command line, or an argument, is invalid.
  kBadRows = 3,      // The batch or file has invalid rows; nothing was stored.
  kUnavailable = 4,  // The service cannot be reached or did not answer in time: try again.
  kFile = 5,         // A file or an object cannot be read or written, or is of another kind.
};

ExitCode ExitCodeOf(const absl::Status& status);

// Whether the same request may succeed later: the service is away or draining, the database fails
// over, a quota is used up, or another attempt holds the batch id.
bool IsRetryable(const absl::Status& status);

// The reason of errors of an object store; see transfer/object_source.h.
inline constexpr const char* kObjectReason = "OBJECT_STORE";

// For --help.
inline constexpr const char* kExitCodeHelp =
    "Exit status: 0 done; 1 refused by the service; 2 invalid arguments; 3 invalid rows, nothing "
    "stored; 4 service unavailable, try again; 5 a file or an object cannot be read or written, or "
    "is not of the kind that the command takes";

}  // namespace fairway::cli
