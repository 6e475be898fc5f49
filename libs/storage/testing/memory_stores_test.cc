#include <memory>

#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

class MemoryStores final : public StoresUnderTest {
 public:
  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }

 private:
  const SystemClock clock_;
  MemoryDataset dataset_{&clock_};
  MemoryLocationStore locations_{&dataset_};
  MemoryBatchStore batches_{&dataset_};
  MemoryRateReader rates_{&dataset_};
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<MemoryStores>();
                         })));

}  // namespace
}  // namespace fairway::testing
