#include <benchmark/benchmark.h>

#include <random>

#include "absl/time/time.h"

#include "libs/book/price_book_builder.h"
#include "libs/series/series_run_builder.h"

// Of a book of a hundred ports in ten regions, every lane with four prices a day for a year.
namespace fairway {
namespace {

constexpr int kRegions = 10;
constexpr int kPorts = 100;
constexpr int kDays = 365;
constexpr int kPricesPerDay = 4;
constexpr Day kFirstDay = std::chrono::year(2026) / 1 / 1;

std::shared_ptr<const LocationTree> MakeTree() {
  std::vector<Region> regions = {{"world", "World", std::nullopt}};
  std::vector<Port> ports;
  for (int i = 0; i < kRegions; ++i) {
    regions.push_back({"region" + std::to_string(i), "Region", "world"});
  }
  for (int i = 0; i < kPorts; ++i) {
    ports.push_back({.id = i + 1,
                     .code = *PortCode::Parse("AA" + std::to_string(100 + i)),
                     .name = "Port",
                     .parent = regions[static_cast<size_t>(1 + i % kRegions)].slug});
  }
  return std::make_shared<const LocationTree>(*LocationTree::Build(regions, ports));
}

SeriesRun MakeRun(PortId origin, int destinations, int days) {
  std::mt19937 random(static_cast<uint32_t>(origin));
  SeriesRunBuilder builder;
  for (PortId destination = 1; destination <= destinations; ++destination) {
    for (int i = 0; i < days * kPricesPerDay; ++i) {
      builder.Add({origin, destination}, kFirstDay + std::chrono::days(i / kPricesPerDay),
                  static_cast<Price>(1000 + random() % 1000));
    }
  }
  SeriesRun run;
  builder.TakeInto(run);
  return run;
}

void AddRun(PriceBookBuilder& builder, const SeriesRun& run) {
  for (size_t i = 0; i < run.series_count(); ++i) {
    if (!builder.Add(run.series(i)).ok()) std::abort();
  }
}

const std::shared_ptr<const PriceBook>& Book() {
  static const auto* book = new std::shared_ptr<const PriceBook>([] {
    BookBudget budget(0, 0);
    PriceBookBuilder builder(std::make_shared<const PriceBook>(), MakeTree(), &budget);
    for (PortId origin = 1; origin <= kPorts; ++origin) {
      AddRun(builder, MakeRun(origin, kPorts, kDays));
    }
    return *builder.Finish({.number = 1}, std::nullopt);
  }());
  return *book;
}

void Ask(benchmark::State& state, const char* origin, const char* destination, int days,
         bool percentiles) {
  const RateQuery query = {.origin = origin,
                           .destination = destination,
                           .days = {kFirstDay, kFirstDay + std::chrono::days(days - 1)},
                           .with_percentiles = percentiles};
  const PriceBook& book = *Book();
  for (auto _ : state) {
    benchmark::DoNotOptimize(book.ReadDailyRates(query, absl::InfiniteFuture()));
  }
}

BENCHMARK_CAPTURE(Ask, port_to_port, "AA101", "AA102", 31, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, port_to_port_year, "AA101", "AA102", 365, false)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, port_to_region, "AA101", "region7", 31, false)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, region_to_region, "region1", "region2", 31, false)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, world_to_world, "world", "world", 31, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, percentiles_port_to_port, "AA101", "AA102", 31, true)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Ask, percentiles_region_to_region, "region1", "region2", 31, true)
    ->Unit(benchmark::kMicrosecond);

// A batch of 31 days for so many lanes of one port, on top of the whole book.
void ApplyCommit(benchmark::State& state) {
  const SeriesRun run = MakeRun(1, static_cast<int>(state.range(0)), 31);
  for (auto _ : state) {
    BookBudget budget(0, 0);
    PriceBookBuilder builder(Book(), Book()->shared_locations(), &budget);
    AddRun(builder, run);
    benchmark::DoNotOptimize(builder.Finish({.number = 2}, std::nullopt));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(run.row_count()));
}
BENCHMARK(ApplyCommit)->Arg(1)->Arg(100)->Unit(benchmark::kMicrosecond);

// What loading does besides reading: prices per second, one thread.
void Load(benchmark::State& state) {
  const SeriesRun run = MakeRun(1, kPorts, kDays);
  const auto tree = MakeTree();
  const auto nothing = std::make_shared<const PriceBook>();
  for (auto _ : state) {
    BookBudget budget(0, 0);
    PriceBookBuilder builder(nothing, tree, &budget);
    AddRun(builder, run);
    benchmark::DoNotOptimize(builder.Finish({.number = 1}, std::nullopt));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(run.row_count()));
}
BENCHMARK(Load)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fairway

BENCHMARK_MAIN();
