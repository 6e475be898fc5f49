#include <string>

#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "services/query/testing/service_fixture.h"

// What the service answers to requests that it has answered before.
namespace fairway::query {
namespace {

class KeptRatesTest : public QueryServiceFixture {
 protected:
  v1::GetDailyRatesResponse Get(const v1::GetDailyRatesRequest& request) {
    v1::GetDailyRatesResponse response;
    const auto context = NewContext();
    FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(stub_->GetDailyRates(context.get(), request, &response)));
    staleness_ = StalenessOf(*context);
    return response;
  }

  std::string staleness_;
};

TEST_F(KeptRatesTest, TheSameRequestHasTheSameAnswer) {
  const v1::GetDailyRatesResponse first = Get(RatesRequest());
  EXPECT_EQ(first.rates(0).price_count(), 3);
  EXPECT_EQ(Get(RatesRequest()).SerializeAsString(), first.SerializeAsString());
  AwaitEnded("GetDailyRates", "OK", 2);
  v1::GetDailyRatesRequest other = RatesRequest();
  other.set_min_price_count(4);
  EXPECT_EQ(Get(other).rates(0).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_EQ(Get(other).rates(0).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_EQ(Get(RatesRequest()).rates(0).availability(), v1::AVAILABILITY_PUBLISHED);
}

TEST_F(KeptRatesTest, ANewVersionHasANewAnswer) {
  Get(RatesRequest());
  Commit("batch-2", {{kDay, 1'000}});
  const v1::GetDailyRatesResponse newer = Get(RatesRequest());
  EXPECT_EQ(newer.dataset_version(), 3);
  EXPECT_EQ(newer.rates(0).price_count(), 4);
}

TEST_F(KeptRatesTest, AnswersAtOtherVersionsAreNotThoseOfTheNewest) {
  v1::GetDailyRatesRequest exact = RatesRequest();
  exact.mutable_consistency()->set_exact(2);
  EXPECT_EQ(Get(exact).dataset_version(), 2);
  Commit("batch-2", {{kDay, 1'000}});
  EXPECT_EQ(Get(exact).dataset_version(), 2);
  EXPECT_EQ(Get(RatesRequest()).dataset_version(), 3);
}

TEST_F(KeptRatesTest, AKeptAnswerSaysHowLateItMayBe) {
  Get(RatesRequest());
  EXPECT_EQ(staleness_, "");
  is_late_ = true;
  Get(RatesRequest());
  EXPECT_EQ(staleness_, "7000");
}

TEST_F(KeptRatesTest, WhatIsHeldNoMoreIsNotAnswered) {
  Get(RatesRequest());
  held_.Withdraw();
  is_away_ = true;
  v1::GetDailyRatesResponse response;
  EXPECT_EQ(ReasonOf(rpc::FromGrpcStatus(
                stub_->GetDailyRates(NewContext().get(), RatesRequest(), &response))),
            reasons::kDatabaseUnavailable);
}

TEST_F(KeptRatesTest, ErrorsAreNotKept) {
  v1::GetDailyRatesRequest request = RatesRequest();
  request.set_origin("XXXXX");
  for (int i = 0; i < 2; ++i) {
    v1::GetDailyRatesResponse response;
    EXPECT_EQ(
        ReasonOf(rpc::FromGrpcStatus(stub_->GetDailyRates(NewContext().get(), request, &response))),
        reasons::kLocationNotFound);
  }
}

}  // namespace
}  // namespace fairway::query
