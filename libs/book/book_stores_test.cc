#include "libs/book/testing/book_stores.h"

#include "libs/storage/testing/memory_stores.h"

namespace fairway::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Book, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<BookStores>(std::make_unique<MemoryStores>());
                         })));

}  // namespace
}  // namespace fairway::testing
