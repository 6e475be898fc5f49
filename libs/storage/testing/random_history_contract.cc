#include <algorithm>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/series/percentiles.h"
#include "libs/storage/testing/store_contract.h"

// Random trees, batches, reverts and questions, against the plainest model there is.
namespace fairway::testing {
namespace {

using Random = std::mt19937;

template <typename T>
const T& Pick(Random& random, const std::vector<T>& all) {
  return all[random() % all.size()];
}

// A world under which regions and ports lie anywhere, by name.
struct RandomWorld {
  std::vector<Region> regions = {{"r0", "Region", std::nullopt}};
  std::vector<Port> ports;

  void Grow(Random& random) {
    const size_t new_regions = random() % 4;
    for (size_t i = 0; i < new_regions; ++i) {
      const std::string parent = Pick(random, regions).slug;
      regions.push_back({absl::StrCat("r", regions.size()), "Region", parent});
    }
    const size_t new_ports = 1 + random() % 4;
    for (size_t i = 0; i < new_ports; ++i) {
      const std::string code = absl::StrCat("AA", 100 + ports.size());
      ports.push_back({.code = *PortCode::Parse(code), .name = "Port"});
    }
    for (Port& port : ports) {  // Some move.
      if (port.parent.empty() || random() % 8 == 0) port.parent = Pick(random, regions).slug;
    }
  }

  bool LiesIn(absl::string_view port_code, absl::string_view location) const {
    if (port_code == location) return true;
    std::optional<std::string> at;
    for (const Port& port : ports) {
      if (port.code.view() == port_code) at = port.parent;
    }
    while (at && *at != location) {
      const std::string slug = *at;
      for (const Region& region : regions) {
        if (region.slug == slug) at = region.parent;
      }
    }
    return at.has_value();
  }

  std::string PickLocation(Random& random) const {
    if (random() % 2 == 0) return Pick(random, regions).slug;
    return Pick(random, ports).code.ToString();
  }
};

using Batches = std::map<std::string, std::vector<NamedPrice>>;

std::vector<NamedPrice> RandomPrices(Random& random, const RandomWorld& world) {
  std::vector<NamedPrice> prices(1 + random() % 200);
  for (NamedPrice& price : prices) {
    price = {Pick(random, world.ports).code.ToString(), Pick(random, world.ports).code.ToString(),
             FormatDay(kDayMin + std::chrono::days(14'600 + random() % 70)),
             static_cast<Price>(1 + random() % 50)};
  }
  return prices;
}

DailyRates Model(const RandomWorld& world, const Batches& batches, const RateQuery& query,
                 const VersionId& version) {
  std::vector<std::vector<Price>> by_day(static_cast<size_t>(query.days.size()));
  for (const auto& [id, prices] : batches) {
    for (const NamedPrice& price : prices) {
      const Day day = *ParseDay("day", price.day);
      if (!query.days.Contains(day) || !world.LiesIn(price.origin, query.origin) ||
          !world.LiesIn(price.destination, query.destination)) {
        continue;
      }
      by_day[static_cast<size_t>((day - query.days.first).count())].push_back(price.price);
    }
  }
  DailyRates rates{.version = version, .days = EmptyDailyRates(query.days)};
  if (query.with_percentiles) rates.percentiles.assign(rates.days.size(), {});
  for (size_t i = 0; i < by_day.size(); ++i) {
    std::sort(by_day[i].begin(), by_day[i].end());
    rates.days[i].price_count = static_cast<int64_t>(by_day[i].size());
    for (const Price price : by_day[i]) rates.days[i].price_sum += price;
    if (query.with_percentiles && rates.days[i].price_count >= query.min_price_count) {
      rates.percentiles[i] = PercentilesOf(by_day[i]);
    }
  }
  return rates;
}

RateQuery RandomQuery(Random& random, const RandomWorld& world) {
  const Day first = kDayMin + std::chrono::days(14'590 + random() % 90);
  return {.origin = world.PickLocation(random),
          .destination = world.PickLocation(random),
          .days = {first, first + std::chrono::days(random() % 80)},
          .with_percentiles = random() % 2 == 0,
          .min_price_count = static_cast<int64_t>(3 + random() % 3)};
}

TEST_P(StoreContract, RandomHistoriesReadAsTheModelSays) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Random random(seed);
  RandomWorld world;
  Batches batches;
  std::vector<std::pair<VersionId, Batches>> history;
  for (int step = 0; step < 25; ++step) {
    const auto what = step == 0 ? 0 : random() % 8;
    if (what == 0) {
      world.Grow(random);
      FAIRWAY_ASSERT_OK(locations().Import({world.regions, world.ports}, Soon()));
    } else if (what <= 2 && !batches.empty()) {
      const std::string id = std::next(batches.begin(), random() % batches.size())->first;
      Revert({"acme", id});
      batches.erase(id);
    } else {
      const std::string id = absl::StrCat("batch-", step);
      batches[id] = RandomPrices(random, world);
      CommitBatch({"acme", id}, batches[id]);
    }
    if (random() % 3 == 0) continue;  // Several versions at once.
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates().Snapshot(NewestHeld{}, Soon()));
    history.emplace_back(snapshot->version_id(), batches);
    for (int i = 0; i < 10; ++i) {
      const RateQuery query = RandomQuery(random, world);
      EXPECT_THAT(snapshot->ReadDailyRates(query, Soon()),
                  IsOkAndHolds(Model(world, batches, query, snapshot->version_id())))
          << query.origin << " to " << query.destination;
    }
  }
  for (const auto& [version, batches_then] : history) {
    const RateQuery query = RandomQuery(random, world);
    EXPECT_THAT(Read(query, Exactly{version}),
                IsOkAndHolds(Model(world, batches_then, query, version)));
  }
}

}  // namespace
}  // namespace fairway::testing
