#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

#include "libs/series/digest.h"
#include "libs/series/radix_sort.h"
#include "libs/series/series_run_builder.h"

// What a price costs between the wire and the database. Arguments: lanes; every lane has 40 prices.
namespace fairway {
namespace {

struct Row {
  Lane lane;
  Day day;
  Price price;
};

std::vector<Row> MakeRows(int lanes, bool shuffled) {
  std::mt19937_64 random(7);
  std::vector<Row> rows;
  for (int lane = 0; lane < lanes; ++lane) {
    for (int i = 0; i < 40; ++i) {
      rows.push_back({{lane / 150, lane % 150},
                      kDayMin + std::chrono::days(random() % 30),
                      static_cast<Price>(500 + random() % 4000)});
    }
  }
  if (shuffled) std::shuffle(rows.begin(), rows.end(), random);
  return rows;
}

void BM_Pack(benchmark::State& state) {
  const std::vector<Row> rows = MakeRows(static_cast<int>(state.range(0)), state.range(1) != 0);
  SeriesRunBuilder builder(rows.size());
  SeriesRun run;
  for ([[maybe_unused]] auto _ : state) {
    for (const Row& row : rows) builder.Add(row.lane, row.day, row.price);
    builder.TakeInto(run);
    benchmark::DoNotOptimize(run.row_count());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows.size()));
}
BENCHMARK(BM_Pack)->ArgNames({"lanes", "shuffled"})->Args({25'000, 0})->Args({25'000, 1});

void BM_Digest(benchmark::State& state) {
  const LaneLetters lane(*PortCode::Parse("CNSHA"), *PortCode::Parse("NLRTM"));
  ContentDigest digest;
  int32_t day = 0;
  for ([[maybe_unused]] auto _ : state) digest.Add(lane, ++day, 1000);
  benchmark::DoNotOptimize(digest.row_count());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Digest);

void BM_Sort(benchmark::State& state) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> keys(1 << 20);
  for (uint64_t& key : keys)
    key = (random() % 25'000) << 40 | (random() % 30) << 24 | random() % 4000;
  std::vector<uint64_t> sorted, scratch;
  for ([[maybe_unused]] auto _ : state) {
    sorted = keys;
    if (state.range(0) != 0) {
      RadixSort(sorted, scratch, 24);
    } else {
      std::sort(sorted.begin(), sorted.end());
    }
    benchmark::DoNotOptimize(sorted.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * keys.size()));
}
BENCHMARK(BM_Sort)->ArgName("radix")->Arg(0)->Arg(1);

}  // namespace
}  // namespace fairway

BENCHMARK_MAIN();
