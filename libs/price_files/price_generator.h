#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "libs/domain/day.h"
#include "libs/price_files/price_source.h"

namespace fairway::price_files {

struct GeneratorOptions {
  int64_t lanes = 100;
  int days = 31;
  int prices_per_day = 4;  // Per lane, about.
  uint64_t seed = 1;
  Day first_day = std::chrono::year(2026) / 1 / 1;
};

// Generates plausible prices: each lane has a level that drifts from day to day, and each day has a
// spread around it. About one lane-day in twenty has too few prices for an average, and one in
// fifty has no prices. The same options and ports give the same prices on every machine. Immutable.
class PriceGenerator {
 public:
  // INVALID_ARGUMENT when `ports` are too few for that many lanes.
  static absl::StatusOr<PriceGenerator> Create(const GeneratorOptions& options,
                                               std::vector<std::string> ports);

  // Calls `take` for each price, by lane and then by day, until it returns an error.
  absl::Status Generate(const std::function<absl::Status(const PriceText&)>& take) const;

 private:
  PriceGenerator(const GeneratorOptions& options, std::vector<std::string> ports)
      : options_(options), ports_(std::move(ports)) {}

  const GeneratorOptions options_;
  const std::vector<std::string> ports_;  // Ascending.
};

}  // namespace fairway::price_files
