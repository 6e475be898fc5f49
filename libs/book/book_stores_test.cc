#include "libs/book/testing/book_stores.h"

#include "libs/storage/testing/memory_stores.h"

namespace fairway::testing {
namespace {

// Each commit is read side by side; tests/integration has a book that reads them by one thread.
INSTANTIATE_TEST_SUITE_P(Book, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<BookStores>(
                               std::make_unique<MemoryStores>(),
                               BookOptions{.loaders = 3, .side_by_side_min = 0});
                         })));

}  // namespace
}  // namespace fairway::testing
