#include <prometheus/metric_family.h>

#include <map>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/storage/postgres/pool_metrics.h"
#include "tests/support/test_database.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOk;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// "name pool" and the value.
std::map<std::string, double> ValuesOf(const PoolMetrics& metrics) {
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    EXPECT_EQ(family.type, prometheus::MetricType::Gauge);
    for (const prometheus::ClientMetric& metric : family.metric) {
      EXPECT_EQ(metric.label[0].name, "pool");
      values[absl::StrCat(family.name, " ", metric.label[0].value)] = metric.gauge.value;
    }
  }
  return values;
}

TEST(PoolMetricsTest, EveryPoolIsShownAsItIsNow) {
  const testing::TestDatabase database;
  const absl::Time soon = absl::Now() + absl::Seconds(60);
  postgres::Pool calls({.connection = database.options(), .connections_max = 3});
  postgres::Pool book({.connection = database.options(), .connections_max = 1});
  const PoolMetrics metrics({{"calls", &calls}, {"book", &book}});
  EXPECT_THAT(ValuesOf(metrics),
              UnorderedElementsAre(Pair("fairway_pool_connections_in_use calls", 0),
                                   Pair("fairway_pool_connections_idle calls", 0),
                                   Pair("fairway_pool_connections_max calls", 3),
                                   Pair("fairway_pool_waiting calls", 0),
                                   Pair("fairway_pool_connections_in_use book", 0),
                                   Pair("fairway_pool_connections_idle book", 0),
                                   Pair("fairway_pool_connections_max book", 1),
                                   Pair("fairway_pool_waiting book", 0)));
  { EXPECT_THAT(calls.Acquire(soon), IsOk()); }
  std::thread waiter;
  {
    const auto connection = book.Acquire(soon);
    EXPECT_THAT(connection, IsOk());
    waiter = std::thread([&] { EXPECT_THAT(book.Acquire(soon), IsOk()); });
    while (book.counts().waiting == 0) std::this_thread::yield();
    std::map<std::string, double> values = ValuesOf(metrics);
    EXPECT_EQ(values["fairway_pool_connections_idle calls"], 1);
    EXPECT_EQ(values["fairway_pool_connections_in_use calls"], 0);
    EXPECT_EQ(values["fairway_pool_connections_in_use book"], 1);
    EXPECT_EQ(values["fairway_pool_waiting book"], 1);
  }
  waiter.join();
}

}  // namespace
}  // namespace fairway
