#include "libs/storage/postgres/testing/postgres_stores.h"

namespace fairway::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<PostgresStores>();
                         })));

}  // namespace
}  // namespace fairway::testing
