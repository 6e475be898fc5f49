#include "services/query/executors.h"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "services/query/testing/busy_threads.h"

namespace fairway::query {
namespace {

// Each may ask for a connection of the database at the same time.
TEST(ExecutorsTest, TheThreadsOfTheDatabaseAreAllCounted) {
  for (const int calls_max : {1, 2, 4, 16, 17}) {
    SCOPED_TRACE(calls_max);
    BusyThreads busy;
    Executors executors(calls_max);
    const int threads = Executors::DatabaseThreads(calls_max);
    busy.Occupy({&executors.database_calls, &executors.database_exports, &executors.catalog_calls,
                 &executors.watches});
    EXPECT_TRUE(busy.Reach(threads));
    EXPECT_EQ(busy.MostUntil(absl::Now() + absl::Milliseconds(50)), threads);
    busy.Release();
  }
}

TEST(ExecutorsTest, QueriesAndExportsShareTheCallsOfTheDatabase) {
  for (const int calls_max : {2, 4, 16}) {
    SCOPED_TRACE(calls_max);
    BusyThreads busy;
    Executors executors(calls_max);
    busy.Occupy({&executors.database_calls, &executors.database_exports});
    EXPECT_TRUE(busy.Reach(calls_max));
    EXPECT_EQ(busy.MostUntil(absl::Now() + absl::Milliseconds(50)), calls_max);
    busy.Release();
  }
}

TEST(ExecutorsTest, ExportsHaveAThreadAndLeaveTheMostToQueries) {
  for (const auto& [calls_max, exports] : {std::pair(1, 1), std::pair(4, 1), std::pair(16, 4)}) {
    SCOPED_TRACE(calls_max);
    BusyThreads busy;
    Executors executors(calls_max);
    busy.Occupy({&executors.database_exports});
    EXPECT_TRUE(busy.Reach(exports));
    EXPECT_EQ(busy.MostUntil(absl::Now() + absl::Milliseconds(50)), exports);
    busy.Release();
  }
}

TEST(ExecutorsTest, QueriesHaveAThreadHoweverFewCallsThereMayBe) {
  for (const auto& [calls_max, queries] : {std::pair(1, 1), std::pair(2, 1), std::pair(16, 12)}) {
    SCOPED_TRACE(calls_max);
    BusyThreads busy;
    Executors executors(calls_max);
    busy.Occupy({&executors.database_calls});
    EXPECT_TRUE(busy.Reach(queries));
    EXPECT_EQ(busy.MostUntil(absl::Now() + absl::Milliseconds(50)), queries);
    busy.Release();
  }
}

TEST(ExecutorsTest, LongWorkHasThreadsOfItsOwn) {
  Executors executors(1);
  EXPECT_EQ(&executors.ForWork(kQuickWorkMax + 1), &executors.short_computations);
  EXPECT_EQ(&executors.ForWork(kShortWorkMax), &executors.short_computations);
  EXPECT_EQ(&executors.ForWork(kShortWorkMax + 1), &executors.long_computations);
}

// None where there is one processor.
TEST(ExecutorsTest, HelpersHaveTheProcessorsThatLongWorkLeaves) {
  const int processors = static_cast<int>(std::thread::hardware_concurrency());
  std::promise<void> go;
  const std::future<void> gone = go.get_future();
  Executors executors(1);
  int helpers = 0;
  while (helpers <= processors && executors.helpers.TrySubmit([&] { gone.wait(); })) ++helpers;
  EXPECT_EQ(helpers, std::max(0, processors - std::max(1, processors / 2)));
  go.set_value();
}

}  // namespace
}  // namespace fairway::query
