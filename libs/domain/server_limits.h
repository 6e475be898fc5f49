#pragma once

#include <cstddef>

#include "absl/time/time.h"

// The bounds of a server's calls, queues and streams; see limits.h for those of the data.
namespace fairway::limits {

// Connections of a process. Where it may have fewer descriptors, the connections are fewer: these
// are kept for the database, the admin endpoint and files.
inline constexpr int kConnectionsMax = 16'384;
inline constexpr int kDescriptorsReserved = 128;
// What gRPC may hold for messages that are on their way. Where that is used up, it cuts connections
// without asking whose; so the requests below take half of it at most (of ingest a quarter, because
// the buffers of large messages take twice their size).
inline constexpr size_t kTransportBytesMax = size_t{256} << 20;

// Threads that gRPC makes for streams of its own services: one for each that is open. Calls beyond
// are RESOURCE_EXHAUSTED.
inline constexpr int kBlockingThreadsMax = 32;

// Requests of calls that have one. Each must be whole in time; when others wait for it, sooner, but
// it always has its grace.
inline constexpr absl::Duration kRequestTimeMax = absl::Seconds(5);
inline constexpr absl::Duration kRequestGrace = absl::Milliseconds(500);
// The largest of queries is that of an export: 10,000 lanes between ports take 160 KB. Those of
// ingest have kMessageBytesMax.
inline constexpr int kQueryRequestBytesMax = 256 << 10;
// So many are received at a time, three quarters of them of one address.
inline constexpr int kQueryRequestReadsMax = 512;
inline constexpr int kQueryRequestReadsPerAddressMax = 384;
inline constexpr int kIngestRequestReadsMax = 16;
inline constexpr int kIngestRequestReadsPerAddressMax = 12;

// What waits for a thread: its requests' bytes, and so much for each call besides.
inline constexpr size_t kQueueBytesMax = size_t{64} << 20;
inline constexpr size_t kQueuedTaskBytes = size_t{8} << 10;

// Lanes that an export may name; without any it has all there are.
inline constexpr int kExportLanesMax = 10'000;

// Server streams of a process. An export may hold a version of the book, a watch holds nothing. One
// address, behind which may be a proxy with all of its clients, has three quarters of the places.
inline constexpr int kOpenExportsMax = 128;
inline constexpr int kOpenExportsPerAddressMax = 96;
inline constexpr int kOpenExportsPerConnectionMax = 32;
inline constexpr int kOpenWatchesMax = 10'000;
inline constexpr int kOpenWatchesPerAddressMax = 7'500;
inline constexpr int kOpenWatchesPerConnectionMax = 192;
// A stream whose client takes no message for so long is ended.
inline constexpr absl::Duration kUnreadTimeMax = absl::Minutes(1);
// And one whose client is so far behind such a pace, where another one finds no place.
inline constexpr int kReadBytesPerSecondMin = 64 << 10;
inline constexpr absl::Duration kReadBehindMax = absl::Seconds(5);

}  // namespace fairway::limits
