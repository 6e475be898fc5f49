#include "libs/storage/testing/memory_stores.h"

namespace fairway::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<MemoryStores>();
                         })));

}  // namespace
}  // namespace fairway::testing
