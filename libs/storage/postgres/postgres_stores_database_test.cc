#include <memory>

#include "libs/storage/postgres/migrated_database.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

class PostgresStores final : public StoresUnderTest {
 public:
  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }

 private:
  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresLocationStore locations_{&pool_};
  PostgresBatchStore batches_{&pool_, database_.options()};
  PostgresRateReader rates_{&pool_};
};

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, ::testing::Values(StoresFactory([] {
                           return std::make_unique<PostgresStores>();
                         })));

}  // namespace
}  // namespace fairway::testing
