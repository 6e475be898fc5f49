#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/test_cluster.h"

// main() of every database test: one cluster for all tests of the program. Without a cluster the
// program fails; it never skips.
int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  // Debian's Abseil aborts on lock orders it only suspects, and gRPC has some of those.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kReport);
  ::testing::InitGoogleMock(&argc, argv);
  if (::testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();

  auto cluster = fairway::testing::TestCluster::Start();
  if (!cluster.ok()) {
    std::fprintf(stderr, "[  FAILED  ] no PostgreSQL cluster for these tests: %s\n",
                 cluster.status().ToString().c_str());
    return 1;
  }
  fairway::testing::SetCluster(*std::move(cluster));
  const int result = RUN_ALL_TESTS();
  fairway::testing::SetCluster(nullptr);
  return result;
}
