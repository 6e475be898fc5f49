#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// What the shell gets. Part of the interface: scripts branch on it.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,      // The service refused, or failed.
  kUsage = 2,        // The command line makes no sense, or an argument of it.
  kBadRows = 3,      // The batch has rows that cannot be stored; nothing was.
  kUnavailable = 4,  // The service cannot be reached or did not answer in time: try again.
  kFile = 5,         // A file or an object cannot be read or written, or is no file of prices.
};

ExitCode ExitCodeOf(const absl::Status& status);

// Whether the same again may go well a little later: the service away or draining, a database that
// fails over, a quota, another attempt that holds the id.
bool MayPass(const absl::Status& status);

// USAGE: the command line makes no sense, as only a command itself can find.
absl::Status UsageError(absl::string_view what);

// OBJECT_STORE: S3 refused, for good. What may pass stays UNAVAILABLE.
absl::Status ObjectError(const absl::Status& status);

// For --help.
inline constexpr const char* kExitCodeHelp =
    "Exit status: 0 done; 1 refused by the service; 2 wrong arguments; 3 bad rows, nothing stored; "
    "4 service unavailable, try again; 5 a file or an object cannot be read or written, or is none "
    "of prices";

}  // namespace fairway::cli
