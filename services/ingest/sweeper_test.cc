#include "services/ingest/sweeper.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <functional>
#include <future>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Sweeps as a test says, and does nothing else.
class SweptStore final : public BatchStore {
 public:
  absl::StatusOr<BatchClaim> Claim(const BatchKey&, absl::string_view, const Deadline&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<BatchRecord> Get(const BatchKey&, const Deadline&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<BatchPage> List(const BatchFilter&, std::optional<int64_t>, int,
                                 const Deadline&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<RowErrorPage> ListErrors(const BatchKey&, std::optional<int64_t>, int,
                                          const Deadline&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<BatchReversal> Revert(const BatchKey&, const Deadline&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<int> SweepInterrupted(const Deadline& deadline) override {
    return on_sweep(deadline);
  }

  std::function<absl::StatusOr<int>(const Deadline&)> on_sweep;
};

class SweeperTest : public ::testing::Test {
 protected:
  void Start() { sweeper_.emplace(&store_, &metrics_, &clock_, &logger_); }
  std::string Metrics() { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  FakeClock clock_;
  prometheus::Registry registry_;
  IngestMetrics metrics_{registry_};
  std::ostringstream log_;
  const observability::Logger logger_{"ingest", observability::LogLevel::kInfo, log_};
  SweptStore store_;
  std::optional<Sweeper> sweeper_;
};

TEST_F(SweeperTest, SweepsAtOnceAndEveryThirtySeconds) {
  std::vector<absl::Duration> sweeps;
  const absl::Time start = clock_.Now();
  store_.on_sweep = [&](const Deadline& deadline) {
    EXPECT_EQ(deadline.time(), clock_.Now() + absl::Seconds(60));
    sweeps.push_back(clock_.Now() - start);
    return 2;
  };
  Start();
  clock_.Pass(absl::Seconds(89));
  sweeper_.reset();
  EXPECT_THAT(sweeps,
              ::testing::ElementsAre(absl::ZeroDuration(), absl::Seconds(30), absl::Seconds(60)));
  EXPECT_THAT(Metrics(), HasSubstr(R"(fairway_batches_total{outcome="swept"} 6)"));
  EXPECT_THAT(log_.str(), HasSubstr("interrupted batches ended"));
}

TEST_F(SweeperTest, AFailureIsLoggedAndTheNextSweepComes) {
  int sweeps = 0;
  store_.on_sweep = [&](const Deadline&) -> absl::StatusOr<int> {
    if (++sweeps == 1) return DatabaseUnavailableError("it is away");
    return 0;
  };
  Start();
  clock_.Pass(absl::Seconds(30));
  sweeper_.reset();
  EXPECT_EQ(sweeps, 2);
  EXPECT_THAT(log_.str(), HasSubstr(reasons::kDatabaseUnavailable));
  EXPECT_THAT(log_.str(), Not(HasSubstr("interrupted batches"))) << "there were none";
}

TEST_F(SweeperTest, ASweepInProgressEndsWithItsTaskAndIsNotReported) {
  std::promise<void> sweeping;
  store_.on_sweep = [&](const Deadline& deadline) -> absl::StatusOr<int> {
    std::promise<void> stopped;
    const std::stop_callback on_stop(deadline.stop(), [&] { stopped.set_value(); });
    sweeping.set_value();
    stopped.get_future().wait();
    return absl::CancelledError();
  };
  Start();
  sweeping.get_future().wait();
  sweeper_.reset();
  EXPECT_EQ(log_.str(), "");
}

}  // namespace
}  // namespace fairway::ingest
