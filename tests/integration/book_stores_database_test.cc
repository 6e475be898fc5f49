#include "libs/book/testing/book_stores.h"
#include "libs/storage/postgres/testing/postgres_stores.h"

// The price book must answer what SQL answers: the contract suite over both together.
namespace fairway::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Book, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<BookStores>(std::make_unique<PostgresStores>());
                         })));

}  // namespace
}  // namespace fairway::testing
