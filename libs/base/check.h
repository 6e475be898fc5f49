#pragma once

#include <cstdio>
#include <cstdlib>

// Stops the process when an invariant of this program is broken. For mistakes inside the program
// only: whatever a client, a file or a server can cause is an absl::Status.
#define FAIRWAY_CHECK(condition)                                                         \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
