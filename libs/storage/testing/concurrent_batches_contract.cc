#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/store_contract.h"

// Batches of many threads at a time.
namespace fairway::testing {
namespace {

using ::testing::ElementsAre;

const BatchKey kContended = {"acme", "contended"};

TEST_P(StoreContract, CommitsOfManyThreadsMakeVersionsWithoutGaps) {
  ImportWorld();
  constexpr int kThreads = 6;
  constexpr int kBatches = 5;
  const SeriesRun run = RunOf(TwoLanes());
  std::vector<std::vector<DatasetVersion>> versions(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kBatches; ++i) {
        const auto writer = ClaimWriter({absl::StrCat("partner-", t), absl::StrCat("batch-", i)});
        ASSERT_NE(writer, nullptr);
        FAIRWAY_EXPECT_OK(writer->Append(run));
        FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record,
                                     writer->Commit(ContentOf(TwoLanes()), LocationsVersion()));
        versions[t].push_back(record.committed_version->number);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<DatasetVersion> all;
  for (const auto& some : versions) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  std::vector<DatasetVersion> expected(kThreads * kBatches);
  std::iota(expected.begin(), expected.end(), 2);
  EXPECT_EQ(all, expected);
}

TEST_P(StoreContract, OneOfManyClaimsOfAnIdWins) {
  ImportWorld();
  const SeriesRun run = RunOf(TwoLanes());
  std::atomic<int> committed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      absl::StatusOr<BatchClaim> claim = batches().Claim(kContended, "", Soon());
      if (!claim.ok()) {
        EXPECT_EQ(ReasonOf(claim.status()), reasons::kBatchInProgress);
        return;
      }
      if (claim->writer == nullptr) return;
      FAIRWAY_EXPECT_OK(claim->writer->Append(run));
      FAIRWAY_EXPECT_OK(claim->writer->Commit(ContentOf(TwoLanes()), LocationsVersion()));
      ++committed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(committed, 1);
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 2 200"));
}

}  // namespace
}  // namespace fairway::testing
