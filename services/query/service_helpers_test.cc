#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "gtest/gtest.h"

#include "services/query/service.h"
#include "services/query/testing/service_fixture.h"
#include "services/query/testing/watched_snapshot.h"

namespace fairway::query {
namespace {

// Has one snapshot, in memory or not.
class OneSnapshotReader final : public RateReader {
 public:
  OneSnapshotReader(std::shared_ptr<const RateSnapshot> snapshot, bool is_in_memory)
      : snapshot_(std::move(snapshot)), is_in_memory_(is_in_memory) {}

  std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency&) override {
    return is_in_memory_ ? snapshot_ : nullptr;
  }
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency&,
                                                               const Deadline&) override {
    return snapshot_;
  }
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline&) override {
    return absl::UnimplementedError("");
  }

 private:
  const std::shared_ptr<const RateSnapshot> snapshot_;
  const bool is_in_memory_;
};

// Outlives the executors, whose threads read it.
struct WatchedSnapshotHolder {
  std::shared_ptr<const RateSnapshot> stored_;
  std::shared_ptr<WatchedSnapshot> watched_;
};

// A service whose snapshot says that it looks at many lanes, and whose helpers are idle.
class ServiceHelpersTest : protected WatchedSnapshotHolder, public QueryServiceFixture {
 protected:
  // How often it is read for a month of percentiles.
  size_t Readings(bool is_in_memory) {
    stored_ = book_rates_.TrySnapshot(NewestHeld{});
    watched_ = std::make_shared<WatchedSnapshot>(stored_.get());
    watched_->SetLanes(10'000);
    OneSnapshotReader reader(watched_, is_in_memory);
    QueryService service(DependenciesWith(&reader));
    const auto server =
        rpc::Server::Start({}, &service, v1::RateQueryService::service_full_name()).value();
    const auto stub = v1::RateQueryService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server->port()), grpc::InsecureChannelCredentials()));
    Ask(*stub);
    return watched_->readings().size();
  }

 private:
  static void Ask(v1::RateQueryService::Stub& stub) {
    v1::GetDailyRatesRequest request;
    request.set_origin("asia");
    request.set_destination("NLRTM");
    request.set_first_date(FormatDay(kDay));
    request.set_last_date(FormatDay(kDay + std::chrono::days(30)));
    request.add_statistics(v1::RATE_STATISTIC_MEDIAN);
    v1::GetDailyRatesResponse response;
    FAIRWAY_EXPECT_OK(
        rpc::FromGrpcStatus(stub.GetDailyRates(NewContext().get(), request, &response)));
    EXPECT_EQ(response.rates_size(), 31);
  }
};

TEST_F(ServiceHelpersTest, LongPercentilesFromMemoryAreReadInHalves) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one processor has no helpers";
  EXPECT_EQ(Readings(/*is_in_memory=*/true), 2);
}

TEST_F(ServiceHelpersTest, WhatTheDatabaseAnswersIsReadAtOnce) {
  EXPECT_EQ(Readings(/*is_in_memory=*/false), 1);
}

}  // namespace
}  // namespace fairway::query
