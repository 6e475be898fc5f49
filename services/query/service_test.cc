#include "services/query/service.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "services/query/testing/service_fixture.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

class QueryServiceTest : public QueryServiceFixture {
 protected:
  static v1::BatchGetDailyRatesRequest BatchRequest() {
    v1::BatchGetDailyRatesRequest request;
    for (const char* origin : {"asia", "CNGGZ"}) {
      v1::Lane& lane = *request.add_lanes();
      lane.set_origin(origin);
      lane.set_destination("NLRTM");
    }
    request.set_first_date("2021-01-01");
    request.set_last_date("2021-01-01");
    return request;
  }
  absl::Status Get(const v1::GetDailyRatesRequest& request, v1::GetDailyRatesResponse& response) {
    return rpc::FromGrpcStatus(stub_->GetDailyRates(NewContext().get(), request, &response));
  }
  absl::Status Get(const v1::GetDailyRatesRequest& request) {
    v1::GetDailyRatesResponse response;
    return Get(request, response);
  }
  absl::Status GetBatch(const v1::BatchGetDailyRatesRequest& request,
                        v1::BatchGetDailyRatesResponse& response) {
    return rpc::FromGrpcStatus(stub_->BatchGetDailyRates(NewContext().get(), request, &response));
  }
};

TEST_F(QueryServiceTest, DailyRatesAreThoseOfTheBook) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.add_statistics(v1::RATE_STATISTIC_MEDIAN);
  v1::GetDailyRatesResponse response;
  FAIRWAY_ASSERT_OK(Get(request, response));
  EXPECT_EQ(response.dataset_version(), 2);
  EXPECT_EQ(response.dataset_version_id(), held_.book()->version_id().identity);
  ASSERT_EQ(response.rates_size(), 3);
  EXPECT_EQ(response.rates(0).day(), "2021-01-01");
  EXPECT_EQ(response.rates(0).availability(), v1::AVAILABILITY_PUBLISHED);
  EXPECT_EQ(response.rates(0).average(), 300);
  EXPECT_EQ(response.rates(0).median(), 200);
  EXPECT_EQ(response.rates(1).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_EQ(response.rates(1).price_count(), 2);
  EXPECT_EQ(response.rates(2).availability(), v1::AVAILABILITY_NO_PRICES);
  request.set_min_price_count(4);
  FAIRWAY_ASSERT_OK(Get(request, response));
  EXPECT_EQ(response.rates(0).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
}

TEST_F(QueryServiceTest, LongWorkIsAnsweredByAnotherThread) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.set_last_date("2026-01-01");
  v1::GetDailyRatesResponse response;
  FAIRWAY_ASSERT_OK(Get(request, response));
  EXPECT_EQ(response.rates_size(), 1'827);
  EXPECT_EQ(response.rates(0).average(), 300);
}

TEST_F(QueryServiceTest, AnOlderVersionIsReadFromWhatIsStored) {
  Commit("batch-2", {{kDay, 1'000}});
  v1::GetDailyRatesRequest request = RatesRequest();
  request.mutable_consistency()->set_exact(2);
  v1::GetDailyRatesResponse response;
  FAIRWAY_ASSERT_OK(Get(request, response));
  EXPECT_EQ(response.dataset_version(), 2);
  EXPECT_EQ(response.rates(0).price_count(), 3);
  request.mutable_consistency()->set_at_least(3);
  FAIRWAY_ASSERT_OK(Get(request, response));
  EXPECT_EQ(response.dataset_version(), 3);
  EXPECT_EQ(response.rates(0).price_count(), 4);
  is_away_ = true;
  request.mutable_consistency()->set_exact(2);
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kDatabaseUnavailable);
}

TEST_F(QueryServiceTest, AMalformedRequestIsRefusedBeforeASnapshotIsAskedFor) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.mutable_consistency()->set_exact(1'000);  // Would be VERSION_NOT_YET_VISIBLE.
  request.set_origin("?");
  request.set_first_date("2021-1-1");
  request.set_last_date("x");
  request.set_min_price_count(1);
  const absl::Status status = Get(request);
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
  EXPECT_THAT(FieldsOf(status),
              ElementsAre("origin", "first_date", "last_date", "min_price_count"));
}

TEST_F(QueryServiceTest, DailyRatesAreRefusedForWhatIsNotThere) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.set_destination("USLAX");
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kLocationNotFound);
  request = RatesRequest();
  request.mutable_consistency()->set_at_least(3);
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kVersionNotYetVisible);
  request.mutable_consistency()->set_exact(1'000'003);
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kVersionUnknown);
  request.mutable_consistency()->set_exact(2);
  request.mutable_consistency()->set_version_id(12'345'678);
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kVersionPurged);
}

TEST_F(QueryServiceTest, ARequestThatIsNotUtf8IsRefused) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.set_origin("\xCD");
  EXPECT_EQ(ReasonOf(Get(request)), reasons::kInvalidRequest);
}

TEST_F(QueryServiceTest, WhileTheDatabaseIsAwayTheBookAnswersAndSaysHowStaleItIs) {
  is_away_ = true;
  for (const char* last_date : {"2021-01-03", "2026-01-01"}) {
    v1::GetDailyRatesRequest request = RatesRequest();
    request.set_last_date(last_date);
    const auto context = NewContext();
    v1::GetDailyRatesResponse response;
    ASSERT_TRUE(stub_->GetDailyRates(context.get(), request, &response).ok());
    EXPECT_EQ(StalenessOf(*context), "7000");
  }
}

TEST_F(QueryServiceTest, EveryReplySaysHowStaleItIs) {
  const auto staleness = [](auto call) {
    const auto context = NewContext();
    FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(call(context.get())));
    return StalenessOf(*context);
  };
  for (const bool late : {true, false}) {
    is_late_ = late;
    const std::string expected = late ? "7000" : "";
    EXPECT_EQ(staleness([&](grpc::ClientContext* context) {
                v1::BatchGetDailyRatesResponse response;
                return stub_->BatchGetDailyRates(context, BatchRequest(), &response);
              }),
              expected);
    EXPECT_EQ(staleness([&](grpc::ClientContext* context) {
                v1::GetDatasetResponse response;
                return stub_->GetDataset(context, {}, &response);
              }),
              expected);
    EXPECT_EQ(staleness([&](grpc::ClientContext* context) {
                v1::ListLocationsResponse response;
                return stub_->ListLocations(context, {}, &response);
              }),
              expected);
    EXPECT_EQ(staleness([&](grpc::ClientContext* context) {
                v1::GetLocationRequest request;
                request.set_code("CNSHA");
                v1::GetLocationResponse response;
                return stub_->GetLocation(context, request, &response);
              }),
              expected);
  }
}

// What is read from the database is the newest, however late the book is.
TEST_F(QueryServiceTest, WhatIsStoredIsNotStale) {
  Commit("batch-2", {{kDay, 1'000}});
  is_late_ = true;
  v1::GetDailyRatesRequest request = RatesRequest();
  request.mutable_consistency()->set_exact(2);
  const auto context = NewContext();
  v1::GetDailyRatesResponse response;
  ASSERT_TRUE(stub_->GetDailyRates(context.get(), request, &response).ok());
  EXPECT_EQ(StalenessOf(*context), "");
}

TEST_F(QueryServiceTest, ABatchIsAnsweredInTheOrderAsked) {
  v1::BatchGetDailyRatesResponse response;
  FAIRWAY_ASSERT_OK(GetBatch(BatchRequest(), response));
  EXPECT_EQ(response.dataset_version(), 2);
  EXPECT_EQ(response.dataset_version_id(), held_.book()->version_id().identity);
  ASSERT_EQ(response.lanes_size(), 2);
  EXPECT_EQ(response.lanes(0).lane().origin(), "asia");
  EXPECT_EQ(response.lanes(0).rates(0).price_count(), 6);
  EXPECT_EQ(response.lanes(1).lane().origin(), "CNGGZ");
  EXPECT_EQ(response.lanes(1).rates(0).price_count(), 3);
}

TEST_F(QueryServiceTest, ABatchHasARequestIdWhereLanesFail) {
  v1::BatchGetDailyRatesRequest request = BatchRequest();
  v1::BatchGetDailyRatesResponse response;
  const auto id_of_call = [&] {
    const auto context = NewContext();
    EXPECT_TRUE(stub_->BatchGetDailyRates(context.get(), request, &response).ok());
    return context->GetServerTrailingMetadata().count("x-request-id");
  };
  EXPECT_EQ(id_of_call(), 0);
  request.mutable_lanes(0)->set_origin("atlantis");
  request.set_return_partial_success(true);
  EXPECT_EQ(id_of_call(), 1);
}

TEST_F(QueryServiceTest, ABatchReportsItsBadLanesOneByOneOrFails) {
  v1::BatchGetDailyRatesRequest request = BatchRequest();
  request.mutable_lanes(0)->set_origin("atlantis");
  request.add_lanes()->set_origin("?");
  v1::BatchGetDailyRatesResponse response;
  const absl::Status status = GetBatch(request, response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
  EXPECT_THAT(FieldsOf(status), ElementsAre("lanes[2].origin", "lanes[2].destination"));
  request.set_return_partial_success(true);
  FAIRWAY_ASSERT_OK(GetBatch(request, response));
  ASSERT_EQ(response.lanes_size(), 3);
  EXPECT_EQ(response.lanes(0).status().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_EQ(response.lanes(1).rates(0).price_count(), 3);
  EXPECT_EQ(response.lanes(2).lane().origin(), "?");
  EXPECT_EQ(response.lanes(2).status().code(),
            static_cast<int>(absl::StatusCode::kInvalidArgument));
  request.set_return_partial_success(false);
  request.mutable_lanes()->RemoveLast();
  EXPECT_EQ(ReasonOf(GetBatch(request, response)), reasons::kLocationNotFound);
}

TEST_F(QueryServiceTest, ABatchIsBounded) {
  v1::BatchGetDailyRatesRequest request = BatchRequest();
  v1::BatchGetDailyRatesResponse response;
  while (request.lanes_size() < 100) *request.add_lanes() = request.lanes(0);
  FAIRWAY_EXPECT_OK(GetBatch(request, response));
  *request.add_lanes() = request.lanes(0);
  EXPECT_EQ(ReasonOf(GetBatch(request, response)), reasons::kTooManyLanes);
  request.mutable_lanes()->RemoveLast();
  request.set_last_date("2025-01-01");
  EXPECT_EQ(ReasonOf(GetBatch(request, response)), reasons::kRangeTooLarge);
  request.clear_lanes();
  EXPECT_EQ(ReasonOf(GetBatch(request, response)), reasons::kInvalidRequest);
}

TEST_F(QueryServiceTest, ABatchOfAnOlderVersionFailsWhileTheDatabaseIsAway) {
  Commit("batch-2", {{kDay, 1'000}});
  v1::BatchGetDailyRatesRequest request = BatchRequest();
  request.mutable_consistency()->set_exact(2);
  v1::BatchGetDailyRatesResponse response;
  FAIRWAY_ASSERT_OK(GetBatch(request, response));
  EXPECT_EQ(response.dataset_version(), 2);
  is_away_ = true;
  EXPECT_EQ(ReasonOf(GetBatch(request, response)), reasons::kDatabaseUnavailable);
}

TEST_F(QueryServiceTest, TheDatasetSaysWhatIsHeld) {
  v1::GetDatasetResponse response;
  const auto get = [&] {
    return rpc::FromGrpcStatus(stub_->GetDataset(NewContext().get(), {}, &response));
  };
  FAIRWAY_ASSERT_OK(get());
  EXPECT_EQ(response.newest_version(), 2);
  EXPECT_EQ(response.held_version(), 2);
  EXPECT_EQ(response.price_count(), 10);
  EXPECT_EQ(response.lane_count(), 2);
  EXPECT_EQ(response.port_count(), 3);
  EXPECT_EQ(response.region_count(), 2);
  EXPECT_EQ(response.engine(), "memory");
  is_away_ = true;
  EXPECT_EQ(ReasonOf(get()), reasons::kDatabaseUnavailable);
}

}  // namespace
}  // namespace fairway::query
