#include "services/query/split_days.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"

namespace fairway::query {
namespace {

// The half that is offered: read by whoever claims it. It outlives its caller where the helper
// comes late, and then it is claimed; so the snapshot is only borrowed, and its memory not kept.
// Thread-safe.
class OfferedHalf {
 public:
  OfferedHalf(const RateSnapshot* snapshot, RateQuery query, Deadline deadline)
      : snapshot_(*snapshot), query_(std::move(query)), deadline_(std::move(deadline)) {}

  // True once.
  bool TryClaim() { return !is_claimed_.exchange(true); }
  // For whoever has claimed it.
  absl::StatusOr<DailyRates> Read() const { return snapshot_.ReadDailyRates(query_, deadline_); }

  // For the helper, at any time.
  void Help() {
    if (TryClaim()) promise_.set_value(Read());
  }
  // For the caller, once, where the helper has claimed it. Ends soon after the deadline, as reading
  // does.
  absl::StatusOr<DailyRates> AwaitHelper() { return answer_.get(); }

 private:
  const RateSnapshot& snapshot_;
  const RateQuery query_;
  const Deadline deadline_;
  std::atomic<bool> is_claimed_ = false;
  std::promise<absl::StatusOr<DailyRates>> promise_;
  std::future<absl::StatusOr<DailyRates>> answer_ = promise_.get_future();
};

RateQuery WithDays(RateQuery query, const DayRange& days) {
  query.days = days;
  return query;
}

template <typename T>
void Append(const std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

absl::StatusOr<DailyRates> ReadInHalves(const RateSnapshot& snapshot, const RateQuery& query,
                                        const Deadline& deadline, rpc::Executor& helpers) {
  const DayRange& days = query.days;
  // The caller, which begins sooner, has the greater half.
  const Day middle = days.first + std::chrono::days((days.size() + 1) / 2);
  const auto half =
      std::make_shared<OfferedHalf>(&snapshot, WithDays(query, {middle, days.last}), deadline);
  // Two halves on one thread would turn to every lane twice.
  if (!helpers.TrySubmit([half] { half->Help(); })) return snapshot.ReadDailyRates(query, deadline);
  absl::StatusOr<DailyRates> first = snapshot.ReadDailyRates(
      WithDays(query, {days.first, middle - std::chrono::days(1)}), deadline);
  // Before anything is returned, an error too: a helper that has begun reads the snapshot.
  const bool is_left = half->TryClaim();
  absl::StatusOr<DailyRates> second;
  if (!is_left) second = half->AwaitHelper();
  if (!first.ok()) return first;
  if (is_left) second = half->Read();
  if (!second.ok()) return second;
  Append(second->days, first->days);
  Append(second->percentiles, first->percentiles);
  return first;
}

}  // namespace fairway::query
