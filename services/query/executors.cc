#include "services/query/executors.h"

#include <algorithm>
#include <thread>

namespace fairway::query {
namespace {

constexpr int kQueueMax = 1024;
constexpr int kWatchQueueMax = 16'384;
constexpr int kCatalogThreads = 2;
constexpr int kWatchThreads = 2;

// A part of the processors each, so that what computes for long leaves some to the others.
int ShareOfProcessors(int parts) {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / parts);
}

int LongThreads() { return ShareOfProcessors(2); }
int HelperThreads() {
  return std::max(0, static_cast<int>(std::thread::hardware_concurrency()) - LongThreads());
}

int ExportThreads(int database_calls_max) { return std::max(1, database_calls_max / 4); }
int CallThreads(int database_calls_max) {
  return std::max(1, database_calls_max - ExportThreads(database_calls_max));
}

}  // namespace

Executors::Executors(int database_calls_max)
    : helpers(HelperThreads(), /*queue_max=*/0),
      short_computations(ShareOfProcessors(2), kQueueMax),
      long_computations(LongThreads(), kQueueMax),
      exports(ShareOfProcessors(4), kQueueMax),
      catalog_calls(kCatalogThreads, kQueueMax),
      database_calls(CallThreads(database_calls_max), kQueueMax),
      database_exports(ExportThreads(database_calls_max), kQueueMax),
      watches(kWatchThreads, kWatchQueueMax) {}

int Executors::DatabaseThreads(int database_calls_max) {
  return CallThreads(database_calls_max) + ExportThreads(database_calls_max) + kCatalogThreads +
         kWatchThreads;
}

}  // namespace fairway::query
