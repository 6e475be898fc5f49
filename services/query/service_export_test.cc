#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "services/query/service.h"
#include "services/query/testing/service_fixture.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class ExportServiceTest : public QueryServiceFixture {
 protected:
  using Reader = grpc::ClientReader<v1::ExportDailyRatesResponse>;

  // Messages of thousands of fields cross between the threads of one process here, through a gRPC
  // that ThreadSanitizer cannot see: it looks up a suppression for each, and takes minutes. The
  // threads of streams are those of OutboundStreamTest, too.
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "too slow under ThreadSanitizer";
#endif
  }

  // So many days, nearly all without prices, that a message has eight lanes.
  static v1::ExportDailyRatesRequest Request() {
    v1::ExportDailyRatesRequest request;
    request.set_first_date("2021-01-01");
    request.set_last_date("2026-01-01");
    return request;
  }
  static void AddLane(v1::ExportDailyRatesRequest& request, const std::string& origin,
                      const std::string& destination) {
    v1::Lane& lane = *request.add_lanes();
    lane.set_origin(origin);
    lane.set_destination(destination);
  }
  // All messages, and how the export ends.
  absl::Status Export(const v1::ExportDailyRatesRequest& request,
                      std::vector<v1::ExportDailyRatesResponse>& messages) {
    const auto context = NewContext();
    const auto reader = stub_->ExportDailyRates(context.get(), request);
    v1::ExportDailyRatesResponse message;
    while (reader->Read(&message)) messages.push_back(message);
    return rpc::FromGrpcStatus(reader->Finish());
  }
  absl::Status Export(const v1::ExportDailyRatesRequest& request) {
    std::vector<v1::ExportDailyRatesResponse> messages;
    const absl::Status status = Export(request, messages);
    EXPECT_EQ(messages.empty(), !status.ok()) << "an error comes before anything is sent";
    return status;
  }
  static std::vector<std::string> OriginsOf(
      const std::vector<v1::ExportDailyRatesResponse>& messages) {
    std::vector<std::string> origins;
    for (const v1::ExportDailyRatesResponse& message : messages) {
      for (const v1::LaneRates& lane : message.lanes()) origins.push_back(lane.lane().origin());
    }
    return origins;
  }
};

TEST_F(ExportServiceTest, SendsEveryLaneThatHasPrices) {
  v1::ExportDailyRatesRequest request = Request();
  request.set_last_date("2021-01-02");
  std::vector<v1::ExportDailyRatesResponse> messages;
  FAIRWAY_ASSERT_OK(Export(request, messages));
  ASSERT_EQ(messages.size(), 1);
  EXPECT_EQ(messages[0].dataset_version(), 2);
  EXPECT_EQ(messages[0].dataset_version_id(), held_.book()->version_id().identity);
  ASSERT_EQ(messages[0].lanes_size(), 2);
  for (const v1::LaneRates& lane : messages[0].lanes()) {
    EXPECT_EQ(lane.lane().destination(), "NLRTM");
    ASSERT_EQ(lane.rates_size(), 2);
    EXPECT_EQ(lane.rates(0).average(), 300);
    EXPECT_EQ(lane.rates(1).price_count(), 2);
  }
}

TEST_F(ExportServiceTest, SendsTheLanesAskedForInTheirOrder) {
  v1::ExportDailyRatesRequest request = Request();
  std::vector<std::string> origins;
  for (int i = 0; i < 2; ++i) {
    for (const char* origin : {"asia", "NLRTM", "CNSHA", "asia", "world", "CNGGZ"}) {
      origins.push_back(origin);
      AddLane(request, origin, "NLRTM");
    }
  }
  std::vector<v1::ExportDailyRatesResponse> messages;
  FAIRWAY_ASSERT_OK(Export(request, messages));
  EXPECT_GT(messages.size(), 1);
  EXPECT_THAT(OriginsOf(messages), ElementsAreArray(origins));
}

// No lane is lost or sent twice where one message ends and the next one begins.
TEST_F(ExportServiceTest, MessagesAreFilledWithWholeLanes) {
  v1::ExportDailyRatesRequest request = Request();
  request.set_last_date("2021-02-01");
  std::vector<std::string> origins;
  for (int i = 0; i < 2'000; ++i) {
    origins.push_back(i % 3 == 0 ? "CNGGZ" : i % 7 == 0 ? "world" : "CNSHA");
    AddLane(request, origins.back(), "NLRTM");
  }
  std::vector<v1::ExportDailyRatesResponse> messages;
  FAIRWAY_ASSERT_OK(Export(request, messages));
  EXPECT_THAT(OriginsOf(messages), ElementsAreArray(origins));
  ASSERT_GT(messages.size(), 3);
  for (const v1::ExportDailyRatesResponse& message : messages) {
    EXPECT_LE(message.ByteSizeLong(), limits::kExportMessageBytes);
    if (&message != &messages.back()) {
      EXPECT_GT(message.ByteSizeLong(), limits::kExportMessageBytes - 1'000);
    }
    for (const v1::LaneRates& lane : message.lanes()) EXPECT_EQ(lane.rates_size(), 32);
  }
}

TEST_F(ExportServiceTest, IsResumedAtItsVersionBehindTheLastMessage) {
  v1::ExportDailyRatesRequest request = Request();
  for (int i = 0; i < 18; ++i) AddLane(request, i % 2 == 0 ? "CNGGZ" : "CNSHA", "NLRTM");
  std::vector<v1::ExportDailyRatesResponse> whole;
  FAIRWAY_ASSERT_OK(Export(request, whole));
  ASSERT_EQ(whole.size(), 3);
  Commit("later", {{kDay, 5'000}});
  for (size_t received = 1; received <= whole.size(); ++received) {
    request.set_resume_token(whole[received - 1].resume_token());
    std::vector<v1::ExportDailyRatesResponse> rest;
    FAIRWAY_ASSERT_OK(Export(request, rest));
    ASSERT_EQ(received + rest.size(), whole.size());
    for (size_t i = 0; i < rest.size(); ++i) {
      EXPECT_EQ(rest[i].SerializeAsString(), whole[received + i].SerializeAsString());
    }
  }
}

TEST_F(ExportServiceTest, ATokenOfALostHistoryIsRefused) {
  v1::ExportDailyRatesRequest request = Request();
  for (int i = 0; i < 18; ++i) AddLane(request, "CNSHA", "NLRTM");
  stores_.Backup();
  Commit("lost", {{kDay, 1}});
  std::vector<v1::ExportDailyRatesResponse> messages;
  FAIRWAY_ASSERT_OK(Export(request, messages));
  stores_.Restore();
  Commit("other", {{kDay, 2}});
  request.set_resume_token(messages[0].resume_token());
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kVersionPurged);
}

TEST_F(ExportServiceTest, EveryBadFieldIsReportedAtOnce) {
  v1::ExportDailyRatesRequest request = Request();
  AddLane(request, "?", "NLRTM");
  AddLane(request, "CNSHA", "");
  request.set_first_date("x");
  request.set_min_price_count(1);
  request.mutable_consistency()->set_exact(-1);
  const absl::Status status = Export(request);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidDate) << "that of the first";
  EXPECT_THAT(FieldsOf(status), ElementsAre("first_date", "min_price_count", "consistency.exact",
                                            "lanes[0].origin", "lanes[1].destination"));
}

TEST_F(ExportServiceTest, IsRefusedForWhatIsNotThere) {
  v1::ExportDailyRatesRequest request = Request();
  AddLane(request, "CNSHA", "NLRTM");
  AddLane(request, "CNSHA", "USLAX");
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kLocationNotFound);
  request = Request();
  request.mutable_consistency()->set_at_least(3);
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kVersionNotYetVisible);
  request.mutable_consistency()->set_at_least(1'000'003);
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kVersionUnknown);
  request = Request();
  request.set_resume_token("nonsense");
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kInvalidPageToken);
  request = Request();
  request.mutable_consistency()->set_exact(1);
  is_away_ = true;
  EXPECT_EQ(ReasonOf(Export(request)), reasons::kDatabaseUnavailable);
}

TEST_F(ExportServiceTest, LanesAreCountedBeforeTheyAreParsed) {
  v1::ExportDailyRatesRequest request = Request();
  request.set_last_date("2021-01-01");
  for (int i = 0; i < 10'000; ++i) AddLane(request, "CNSHA", "NLRTM");
  FAIRWAY_EXPECT_OK(Export(request));
  AddLane(request, "CNSHA", "NLRTM");
  const absl::Status status = Export(request);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest);
  EXPECT_THAT(FieldsOf(status), ElementsAre("lanes"));
}

// Its messages are made only as it reads, all of them at the version it began with.
TEST_F(ExportServiceTest, ASlowReaderGetsTheVersionItBeganWith) {
  v1::ExportDailyRatesRequest request = Request();
  for (int i = 0; i < 200; ++i) AddLane(request, "asia", "NLRTM");
  const auto context = NewContext();
  const auto reader = stub_->ExportDailyRates(context.get(), request);
  v1::ExportDailyRatesResponse message;
  ASSERT_TRUE(reader->Read(&message));
  int lanes = message.lanes_size();
  for (int i = 0; i < 3; ++i) Commit(absl::StrCat("later-", i), {{kDay, 1'000}});
  v1::GetDatasetResponse dataset;
  ASSERT_TRUE(stub_->GetDataset(NewContext().get(), {}, &dataset).ok()) << "others are answered";
  EXPECT_EQ(dataset.held_version(), 5);
  while (reader->Read(&message)) {
    EXPECT_EQ(message.dataset_version(), 2);
    for (const v1::LaneRates& lane : message.lanes()) {
      EXPECT_EQ(lane.rates(0).price_count(), 6);
      ++lanes;
    }
  }
  FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(reader->Finish()));
  EXPECT_EQ(lanes, 200);
}

TEST_F(ExportServiceTest, SaysHowStaleTheBookWas) {
  const auto staleness = [&](const v1::ExportDailyRatesRequest& request) {
    const auto context = NewContext();
    const auto reader = stub_->ExportDailyRates(context.get(), request);
    v1::ExportDailyRatesResponse message;
    while (reader->Read(&message)) continue;
    FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(reader->Finish()));
    return StalenessOf(*context);
  };
  v1::ExportDailyRatesRequest request = Request();
  for (int i = 0; i < 18; ++i) AddLane(request, "CNSHA", "NLRTM");
  EXPECT_EQ(staleness(request), "");
  is_late_ = true;
  EXPECT_EQ(staleness(request), "7000");
  request.mutable_consistency()->set_exact(1);  // From what is stored.
  EXPECT_EQ(staleness(request), "");
}

TEST_F(ExportServiceTest, ACancelledExportGivesItsPlaceBack) {
  v1::ExportDailyRatesRequest request = Request();
  for (int i = 0; i < 1'000; ++i) AddLane(request, "asia", "NLRTM");
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<Reader>> readers;
  v1::ExportDailyRatesResponse message;
  for (int i = 0; i < kExportsMax; ++i) {
    contexts.push_back(NewContext());
    readers.push_back(stub_->ExportDailyRates(contexts.back().get(), request));
    ASSERT_TRUE(readers.back()->Read(&message));
  }
  EXPECT_EQ(ReasonOf(Export(Request())), reasons::kOverloaded);
  for (int i = 0; i < kExportsMax; ++i) {
    contexts[static_cast<size_t>(i)]->TryCancel();
    while (readers[static_cast<size_t>(i)]->Read(&message)) continue;
    EXPECT_FALSE(readers[static_cast<size_t>(i)]->Finish().ok());
  }
  AwaitEnded("ExportDailyRates", "Canceled", kExportsMax);
  // Shortly after the reply.
  EXPECT_TRUE(Eventually([&] { return Export(Request()).ok(); }));
}

}  // namespace
}  // namespace fairway::query
