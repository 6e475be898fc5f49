#include <chrono>
#include <future>
#include <vector>

#include "gtest/gtest.h"

#include "libs/domain/limits.h"
#include "services/query/service.h"
#include "services/query/testing/busy_threads.h"
#include "services/query/testing/service_fixture.h"

namespace fairway::query {
namespace {

// Outlives the executors, whose tasks it is.
struct BusyThreadsHolder {
  BusyThreads busy_;
};

// Calls while the threads for other kinds of work, or all of them, are busy.
class ServiceThreadsTest : protected BusyThreadsHolder, public QueryServiceFixture {
 protected:
  ~ServiceThreadsTest() override { busy_.Release(); }

  void OccupyAllBut(const rpc::Executor* idle) {
    std::vector<rpc::Executor*> busy;
    for (rpc::Executor* executor :
         {&executors_.short_computations, &executors_.long_computations, &executors_.exports,
          &executors_.catalog_calls, &executors_.database_calls, &executors_.database_exports,
          &executors_.watches}) {
      if (executor != idle) busy.push_back(executor);
    }
    busy_.Occupy(busy);
  }
  // For so many days of a lane; of an older version where there is one.
  absl::Status GetRates(int days, bool older = false) {
    v1::GetDailyRatesRequest request;
    request.set_origin("CNSHA");
    request.set_destination("NLRTM");
    request.set_first_date(FormatDay(kDay));
    request.set_last_date(FormatDay(kDay + std::chrono::days(days - 1)));
    if (older) request.mutable_consistency()->set_exact(2);
    v1::GetDailyRatesResponse response;
    return rpc::FromGrpcStatus(stub_->GetDailyRates(NewContext().get(), request, &response));
  }
  absl::Status Export(bool older = false) {
    v1::ExportDailyRatesRequest request;
    request.set_first_date(FormatDay(kDay));
    request.set_last_date(FormatDay(kDay));
    if (older) request.mutable_consistency()->set_exact(2);
    const auto context = NewContext();
    const auto reader = stub_->ExportDailyRates(context.get(), request);
    v1::ExportDailyRatesResponse message;
    while (reader->Read(&message)) continue;
    return rpc::FromGrpcStatus(reader->Finish());
  }
  bool HearsOfACommit() {
    const auto context = NewContext();
    const auto reader = stub_->WatchCommits(context.get(), {});
    v1::WatchCommitsResponse message;
    const bool heard = reader->Read(&message);
    context->TryCancel();
    while (reader->Read(&message)) continue;
    EXPECT_FALSE(reader->Finish().ok());
    return heard;
  }
  void ExpectCatalog() {
    v1::GetDatasetResponse dataset;
    FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(stub_->GetDataset(NewContext().get(), {}, &dataset)));
    v1::ListLocationsResponse locations;
    FAIRWAY_EXPECT_OK(
        rpc::FromGrpcStatus(stub_->ListLocations(NewContext().get(), {}, &locations)));
    v1::GetLocationRequest request;
    request.set_code("CNSHA");
    v1::GetLocationResponse location;
    FAIRWAY_EXPECT_OK(
        rpc::FromGrpcStatus(stub_->GetLocation(NewContext().get(), request, &location)));
  }
};

TEST_F(ServiceThreadsTest, TheCatalogHasThreadsOfItsOwn) {
  OccupyAllBut(&executors_.catalog_calls);
  ExpectCatalog();
}

TEST_F(ServiceThreadsTest, ShortComputationsHaveThreadsOfTheirOwn) {
  OccupyAllBut(&executors_.short_computations);
  FAIRWAY_EXPECT_OK(GetRates(limits::kQueryDaysMax));
}

TEST_F(ServiceThreadsTest, QueriesOfTheDatabaseHaveThreadsOfTheirOwn) {
  Commit("another", {{kDay, 100}});
  OccupyAllBut(&executors_.database_calls);
  FAIRWAY_EXPECT_OK(GetRates(1, /*older=*/true));
}

TEST_F(ServiceThreadsTest, ExportsOfTheBookHaveThreadsOfTheirOwn) {
  OccupyAllBut(&executors_.exports);
  FAIRWAY_EXPECT_OK(Export());
}

TEST_F(ServiceThreadsTest, ExportsOfTheDatabaseHaveThreadsOfTheirOwn) {
  Commit("another", {{kDay, 100}});
  OccupyAllBut(&executors_.database_exports);
  FAIRWAY_EXPECT_OK(Export(/*older=*/true));
}

TEST_F(ServiceThreadsTest, WatchesHaveThreadsOfTheirOwn) {
  OccupyAllBut(&executors_.watches);
  EXPECT_TRUE(HearsOfACommit());
}

// What is answered on gRPC's own threads takes them microseconds, and nothing else runs there.
TEST_F(ServiceThreadsTest, OnlyQuickAnswersNeedNoThread) {
  OccupyAllBut(nullptr);
  FAIRWAY_EXPECT_OK(GetRates(30));
  std::future<absl::Status> longer =
      std::async(std::launch::async, [this] { return GetRates(limits::kQueryDaysMax); });
  EXPECT_EQ(longer.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  busy_.Release();
  FAIRWAY_EXPECT_OK(longer.get());
}

TEST_F(ServiceThreadsTest, AnAnswerThatIsKeptNeedsNoThread) {
  constexpr int kDays = 250;  // More than are quick, and a reply short enough to be kept.
  FAIRWAY_EXPECT_OK(GetRates(kDays));
  OccupyAllBut(nullptr);
  FAIRWAY_EXPECT_OK(GetRates(kDays));
}

}  // namespace
}  // namespace fairway::query
