#pragma once

#include "absl/status/status.h"

namespace fairway::cli {

// What the shell is told. Part of the interface: scripts branch on it.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,      // The service refused, or failed.
  kUsage = 2,        // The command line makes no sense.
  kBadRows = 3,      // The batch has rows that cannot be stored; nothing was.
  kUnavailable = 4,  // The service cannot be reached or did not answer in time: try again.
  kFile = 5,         // A file cannot be read or written.
};

ExitCode ExitCodeOf(const absl::Status& status);

// A failure of a local file. Told apart from what services answer.
absl::Status FileError(absl::string_view path, absl::string_view what);

// For --help.
inline constexpr const char* kExitCodeHelp =
    "Exit status: 0 done; 1 refused by the service; 2 wrong usage; 3 bad rows, nothing stored; "
    "4 service unavailable, try again; 5 a file cannot be read or written";

}  // namespace fairway::cli
