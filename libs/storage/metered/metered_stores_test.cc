#include <prometheus/registry.h>

#include "gtest/gtest.h"

#include "libs/base/clock.h"
#include "libs/storage/metered/metered_batch_store.h"
#include "libs/storage/metered/metered_commit_log.h"
#include "libs/storage/metered/metered_dataset_source.h"
#include "libs/storage/metered/metered_location_store.h"
#include "libs/storage/metered/metered_rate_reader.h"
#include "libs/storage/testing/memory_stores.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

// The memory fakes behind the decorators, which must change nothing.
class MeteredStores final : public StoresUnderTest {
 public:
  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }
  DatasetSource& source() override { return source_; }
  CommitLog& commits() override { return commits_; }
  void Backup() override { stores_.Backup(); }
  void Restore() override { stores_.Restore(); }
  void ForgetCommits(DatasetVersion first, DatasetVersion last) override {
    stores_.ForgetCommits(first, last);
  }

 private:
  MemoryStores stores_;
  const SystemClock clock_;
  prometheus::Registry registry_;
  StoreMetrics metrics_{&registry_, &clock_};
  MeteredLocationStore locations_{&stores_.locations(), &metrics_};
  MeteredBatchStore batches_{&stores_.batches(), &metrics_};
  MeteredRateReader rates_{&stores_.rates(), &metrics_};
  MeteredDatasetSource source_{&stores_.source(), &metrics_};
  MeteredCommitLog commits_{&stores_.commits(), &metrics_};
};

INSTANTIATE_TEST_SUITE_P(Metered, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<MeteredStores>();
                         })));

}  // namespace
}  // namespace fairway::testing
