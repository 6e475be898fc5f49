#include "libs/price_files/price_generator.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway::price_files {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014). The distributions of the standard library differ between
// implementations; the prices must not.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  // 0 to bound - 1.
  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(bound));
  }

 private:
  uint64_t state_;
};

// The number of prices of a lane on a day, mostly about `usual`.
int64_t CountOfDay(Random& random, int64_t usual) {
  const int64_t dice = random.Below(100);
  if (dice < 2) return 0;
  if (dice < 7) return 1 + random.Below(2);
  return std::max<int64_t>(1, usual + random.Below(3) - 1);
}

}  // namespace

absl::StatusOr<PriceGenerator> PriceGenerator::Create(const GeneratorOptions& options,
                                                      std::vector<std::string> ports) {
  std::sort(ports.begin(), ports.end());
  const auto count = static_cast<int64_t>(ports.size());
  const int64_t lanes_max = count * (count - 1);
  if (options.lanes > lanes_max) {
    return absl::InvalidArgumentError(absl::StrCat(options.lanes, " lanes were requested, but ",
                                                   count, " ports make only ", lanes_max));
  }
  return PriceGenerator(options, std::move(ports));
}

absl::Status PriceGenerator::Generate(
    const std::function<absl::Status(const PriceText&)>& take) const {
  const auto ports = static_cast<int64_t>(ports_.size());
  const int64_t lanes_max = ports * (ports - 1);
  Random random(options_.seed);
  // A step that is coprime with the number of lanes visits each lane once.
  int64_t step = lanes_max / 2 + 1 + random.Below(std::max<int64_t>(1, lanes_max / 4));
  while (std::gcd(step, lanes_max) != 1) ++step;
  int64_t lane = random.Below(lanes_max);
  PriceText price;
  for (int64_t i = 0; i < options_.lanes; ++i, lane = (lane + step) % lanes_max) {
    const int64_t origin = lane / (ports - 1);
    const int64_t other = lane % (ports - 1);
    price.origin = ports_[static_cast<size_t>(origin)];
    price.destination = ports_[static_cast<size_t>(other < origin ? other : other + 1)];
    int64_t level = 600 + random.Below(5400);  // US dollars.
    for (int day = 0; day < options_.days; ++day) {
      const std::string text = FormatDay(options_.first_day + std::chrono::days(day));
      price.day = text;
      level = std::clamp<int64_t>(level + random.Below(level / 25 + 1) - level / 50, 300, 20'000);
      for (int64_t n = CountOfDay(random, options_.prices_per_day); n > 0; --n) {
        price.price = level - level / 10 + random.Below(level / 5 + 1);
        RETURN_IF_ERROR(take(price));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fairway::price_files
