#include "services/query/get_daily_rates.h"

#include "gtest/gtest.h"

#include "libs/domain/limits.h"
#include "services/query/executors.h"

namespace fairway::query {
namespace {

// As a book answers between two ports, or from totals.
class OneLaneSnapshot final : public RateSnapshot {
 public:
  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return absl::UnimplementedError("");
  }
  int64_t EstimateLanes(absl::string_view, absl::string_view, bool) const override { return 1; }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return absl::UnimplementedError("");
  }

 private:
  VersionId version_;
  LocationTree locations_;
};

int64_t WorkOf(int64_t days, int statistics) {
  return EstimateWork(OneLaneSnapshot(), {"CNSHA", "NLRTM"}, days, statistics);
}

TEST(EstimateWork, AMonthIsQuickAndYearsAreNot) {
  EXPECT_LE(WorkOf(31, 0), kQuickWorkMax);
  EXPECT_LE(WorkOf(31, static_cast<int>(kToldPercentiles.size())), kQuickWorkMax);
  EXPECT_GT(WorkOf(365, 0), kQuickWorkMax) << "a day must be written, and sent";
  EXPECT_LE(WorkOf(limits::kQueryDaysMax, 0), kShortWorkMax);
}

}  // namespace
}  // namespace fairway::query
