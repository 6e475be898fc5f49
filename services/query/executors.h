#pragma once

#include <cstdint>

#include "libs/rpc/server/executor.h"

namespace fairway::query {

// Work is counted in lane-days, of which a thread looks at some hundred in a microsecond; eight
// prices count as one more, and a day of the answer as 16 (0.1 microseconds, measured with what it
// takes to send it). Work up to this limit is done on gRPC's own threads: some 30 microseconds, or
// 230 days between two ports.
inline constexpr int64_t kQuickWorkMax = 4'096;
// Work up to this limit counts as short: some 10 milliseconds.
inline constexpr int64_t kShortWorkMax = 1 << 20;

// The threads of the service, by kind of work: no call queues behind work of another kind, or much
// longer than its own. Thread-safe.
struct Executors {
  // `database_calls_max`: statements at a time, for queries and exports together.
  explicit Executors(int database_calls_max);

  // How many of the threads may ask for a database connection, each for one at a time.
  static int DatabaseThreads(int database_calls_max);

  // For what is computed from memory, beyond kQuickWorkMax.
  rpc::Executor& ForWork(int64_t work) {
    return work <= kShortWorkMax ? short_computations : long_computations;
  }

  // For half of a computation, beside the thread that has it: a thread for each processor that long
  // computations leave, and no queue, so that it refuses at once when none is idle; always where
  // there is but one processor, and then each computation stays on its thread. Comes first, to
  // outlive the threads that ask it.
  rpc::Executor helpers;
  rpc::Executor short_computations;
  rpc::Executor long_computations;
  rpc::Executor exports;           // From memory, a message at a time.
  rpc::Executor catalog_calls;     // GetDataset and the locations.
  rpc::Executor database_calls;    // Queries that memory does not answer.
  rpc::Executor database_exports;  // The same of exports.
  rpc::Executor watches;
};

}  // namespace fairway::query
