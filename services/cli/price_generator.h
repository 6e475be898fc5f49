#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "libs/domain/day.h"
#include "services/cli/price_source.h"

namespace fairway::cli {

struct GeneratorOptions {
  int64_t lanes = 100;
  int days = 31;
  int prices_per_day = 4;  // Per lane, about.
  uint64_t seed = 1;
  Day first_day = std::chrono::year(2026) / 1 / 1;
};

// Prices that look like prices: every lane has a level of its own, which drifts from day to day,
// and every day a spread around it. About one lane-day in twenty has too few prices for an average
// and one in fifty none. The same options and ports give the same prices, on every machine.
class PriceGenerator {
 public:
  // INVALID_ARGUMENT when `ports` do not make so many lanes.
  static absl::StatusOr<PriceGenerator> Create(const GeneratorOptions& options,
                                               std::vector<std::string> ports);

  // Calls `take` for every price, lane by lane and day by day, until it fails.
  absl::Status Generate(const std::function<absl::Status(const PriceText&)>& take) const;

 private:
  PriceGenerator(const GeneratorOptions& options, std::vector<std::string> ports)
      : options_(options), ports_(std::move(ports)) {}

  const GeneratorOptions options_;
  const std::vector<std::string> ports_;  // Ascending.
};

}  // namespace fairway::cli
