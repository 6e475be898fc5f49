#include <prometheus/text_serializer.h>

#include <list>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/testing/raw_connection.h"
#include "services/ingest/testing/service_fixture.h"

// What the service gives its calls: time, places, and a count of each outcome.
namespace fairway::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class IngestLimitsTest : public IngestServiceFixture {
 protected:
  IngestLimitsTest() : IngestServiceFixture(/*places=*/8) {}

  std::string Metrics() {
    const prometheus::TextSerializer serializer;
    return serializer.Serialize(registry_.Collect()) + serializer.Serialize(rpc_metrics_.Collect());
  }
  bool HaveStarted(int uploads) {
    return Metrics().find(absl::StrCat("grpc_server_started_total{grpc_method=\"UploadBatch\","
                                       "grpc_service=\"fairway.v1.PriceIngestService\","
                                       "grpc_type=\"client_stream\"} ",
                                       uploads, "\n")) != std::string::npos;
  }
};

TEST_F(IngestLimitsTest, RequestsMustBeWholeInTime) {
  rpc::RawConnection connection(server_->port());
  const std::vector<std::string> methods = {"GetBatch",        "ListBatches", "ListBatchErrors",
                                            "ImportLocations", "CreateBatch", "CommitBatch",
                                            "CancelBatch",     "RevertBatch"};
  for (const std::string& method : methods) {
    connection.BeginUnfinished(absl::StrCat("/fairway.v1.PriceIngestService/", method));
  }
  Upload silent(*stub_);
  EXPECT_TRUE(connection.AwaitEnds(static_cast<int>(methods.size())));
  EXPECT_EQ(ReasonOf(silent.End()), reasons::kUploadTimedOut) << "no header came";
}

TEST_F(IngestLimitsTest, NoAddressHasAllTheRequestsThatAreRead) {
  std::list<Upload> silent;
  for (int i = 0; i < limits::kIngestRequestReadsPerAddressMax; ++i) silent.emplace_back(*stub_);
  EXPECT_TRUE(Eventually([&] { return HaveStarted(limits::kIngestRequestReadsPerAddressMax); }));
  v1::Batch batch;
  EXPECT_EQ(ReasonOf(GetBatch("batch-1", batch)), reasons::kBatchNotFound);
  EXPECT_EQ(ReasonOf(silent.front().End()), reasons::kOverloaded)
      << "it made room for the one that waited";
  silent.pop_front();
  for (Upload& upload : silent) upload.Cancel();
  for (Upload& upload : silent) upload.End().IgnoreError();
}

TEST_F(IngestLimitsTest, NoAddressHasAllPlaces) {
  std::list<Upload> open;
  for (int i = 0; i < 7; ++i) {
    open.emplace_back(*stub_);
    ASSERT_TRUE(open.back().Send(HeaderMessage("batch-1", absl::StrCat("partner-", i))));
    ASSERT_TRUE(Eventually([&] { return places_.taken() == i + 1; }));
  }
  EXPECT_EQ(ReasonOf(Send({HeaderMessage("batch-1", "another"), RowsMessage({100}), EndMessage()})),
            reasons::kOverloaded);
  for (Upload& upload : open) upload.Cancel();
  for (Upload& upload : open) upload.End().IgnoreError();
}

TEST_F(IngestLimitsTest, EachOutcomeIsCounted) {
  FAIRWAY_EXPECT_OK(SendGoodBatch());
  FAIRWAY_EXPECT_OK(SendGoodBatch());
  EXPECT_FALSE(Send({HeaderMessage("batch-2"), RowsMessage({0}), EndMessage()}).ok());
  EXPECT_THAT(Metrics(), AllOf(HasSubstr("fairway_batches_total{outcome=\"committed\"} 1\n"),
                               HasSubstr("fairway_batches_total{outcome=\"replayed\"} 1\n"),
                               HasSubstr("fairway_batches_total{outcome=\"failed\"} 1\n"),
                               HasSubstr("fairway_committed_prices_total 3\n")));
}

}  // namespace
}  // namespace fairway::ingest
