#pragma once

#include <cstddef>

#include "absl/time/time.h"

// The bounds of a server's calls, queues and streams; see limits.h for those of the data.
namespace fairway::limits {

// What waits for a thread: its requests' bytes, and so much for each call besides.
inline constexpr size_t kQueueBytesMax = size_t{64} << 20;
inline constexpr size_t kQueuedTaskBytes = size_t{8} << 10;

// Server streams of a process. An export may hold a version of the book, a watch holds nothing.
inline constexpr int kOpenExportsMax = 128;
inline constexpr int kOpenWatchesMax = 10'000;
// A stream whose client takes no message for so long is ended.
inline constexpr absl::Duration kUnreadTimeMax = absl::Minutes(1);

}  // namespace fairway::limits
