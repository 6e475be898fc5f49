#include <list>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "services/ingest/service.h"
#include "services/ingest/testing/service_fixture.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

class UploadServiceTest : public IngestServiceFixture {
 protected:
  // The reason of an upload whose header was changed, and which sends nothing more.
  template <typename Change>
  std::string ReasonAfterHeader(Change change) {
    v1::UploadBatchRequest header = HeaderMessage();
    change(*header.mutable_header());
    Upload upload(*stub_);
    upload.Send(header);
    return ReasonOf(upload.End());
  }
};

TEST_F(UploadServiceTest, ACommittedBatchHasAReceipt) {
  v1::UploadBatchRequest header = HeaderMessage();
  header.mutable_header()->set_label("a label");
  v1::UploadBatchResponse response;
  FAIRWAY_ASSERT_OK(
      Send({header, RowsMessage({100, 200}), RowsMessage({300}), EndMessage()}, &response));
  EXPECT_FALSE(response.replayed());
  const v1::Batch& batch = response.batch();
  EXPECT_EQ(batch.partner(), "acme");
  EXPECT_EQ(batch.batch_id(), "batch-1");
  EXPECT_EQ(batch.label(), "a label");
  EXPECT_EQ(batch.state(), v1::BATCH_STATE_COMMITTED);
  EXPECT_EQ(batch.row_count(), 3);
  EXPECT_EQ(batch.lane_count(), 1);
  EXPECT_EQ(batch.first_date(), "2021-01-01");
  EXPECT_EQ(batch.last_date(), "2021-01-01");
  EXPECT_EQ(batch.committed_version(), 2);
  EXPECT_NE(batch.committed_version_id(), 0);
  EXPECT_EQ(StoredPrices(), 3);
}

TEST_F(UploadServiceTest, ColumnsMeanTheSameAsRows) {
  v1::UploadBatchResponse rows;
  FAIRWAY_ASSERT_OK(SendGoodBatch("batch-1", &rows));
  v1::UploadBatchRequest message;
  v1::PriceColumns& columns = *message.mutable_chunk()->mutable_columns();
  columns.add_ports("NLRTM");
  columns.add_ports("CNSHA");
  for (const int64_t price : {300, 100, 200}) {
    columns.add_origins(1);
    columns.add_destinations(0);
    columns.add_day_numbers(18'628);
    columns.add_prices(price);
  }
  v1::UploadBatchResponse response;
  FAIRWAY_ASSERT_OK(Send({HeaderMessage("batch-2"), message, EndMessage()}, &response));
  EXPECT_EQ(response.batch().digest(), rows.batch().digest());
  FAIRWAY_ASSERT_OK(Send({HeaderMessage(), message, EndMessage()}, &response));
  EXPECT_TRUE(response.replayed());
}

TEST_F(UploadServiceTest, TheSameAgainIsReplayed) {
  v1::UploadBatchResponse first;
  FAIRWAY_ASSERT_OK(SendGoodBatch("batch-1", &first));
  v1::UploadBatchResponse second;
  FAIRWAY_ASSERT_OK(SendGoodBatch("batch-1", &second));
  EXPECT_TRUE(second.replayed());
  EXPECT_EQ(second.batch().SerializeAsString(), first.batch().SerializeAsString());
  v1::UploadBatchRequest header = HeaderMessage();
  header.mutable_header()->set_declared_digest(first.batch().digest());
  Upload upload(*stub_);
  upload.Send(header);
  FAIRWAY_ASSERT_OK(upload.End()) << "before any row is sent";
  EXPECT_TRUE(upload.response().replayed());
  EXPECT_EQ(StoredPrices(), 3);
}

TEST_F(UploadServiceTest, AWrongHeaderIsRefusedBeforeRowsFlow) {
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_partner("Acme"); }), reasons::kInvalidPartner);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_batch_id("b"); }), reasons::kInvalidBatchId);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_label(std::string(129, 'x')); }),
            reasons::kInvalidLabel);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_declared_row_count(0); }),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_declared_row_count(50'000'001); }),
            reasons::kTooManyRows);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_declared_digest("x"); }),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_validate_only(true); }),
            reasons::kNotImplemented);
  EXPECT_EQ(ReasonAfterHeader([](auto& h) { h.set_supersedes("batch-0"); }),
            reasons::kNotImplemented);
  v1::UploadBatchRequest header = HeaderMessage("b", "A");
  header.mutable_header()->set_declared_row_count(-1);
  Upload upload(*stub_);
  upload.Send(header);
  EXPECT_THAT(FieldsOf(upload.End()),
              ElementsAre("partner", "batch_id", "header.declared_row_count"));
}

TEST_F(UploadServiceTest, AStreamHasOneHeaderChunksAndOneEnd) {
  EXPECT_EQ(ReasonOf(Send({})), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({RowsMessage({100})})), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({v1::UploadBatchRequest()})), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), HeaderMessage()})), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), v1::UploadBatchRequest()})), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), RowsMessage({100}), EndMessage(), RowsMessage({100})})),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), EndMessage()})), reasons::kInvalidRequest) << "no rows";
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), RowsMessage({100})})), reasons::kBatchEndMissing);
  EXPECT_EQ(StoredPrices(), 0);
  EXPECT_EQ(StateOf("batch-1"), v1::BATCH_STATE_FAILED);
  FAIRWAY_EXPECT_OK(SendGoodBatch()) << "the id is free";
}

TEST_F(UploadServiceTest, WhatWasDeclaredMustArrive) {
  v1::UploadBatchRequest header = HeaderMessage();
  header.mutable_header()->set_declared_row_count(4);
  absl::Status status = Send({header, RowsMessage({100, 200, 300})});
  EXPECT_EQ(ReasonOf(status), reasons::kContentIncomplete);
  EXPECT_THAT(FieldsOf(status), ElementsAre("header.declared_row_count"));
  v1::UploadBatchRequest end = EndMessage();
  end.mutable_end()->set_row_count(2);
  status = Send({HeaderMessage(), RowsMessage({100, 200, 300}), end});
  EXPECT_EQ(ReasonOf(status), reasons::kContentIncomplete);
  EXPECT_THAT(FieldsOf(status), ElementsAre("end.row_count"));
  header.mutable_header()->set_declared_row_count(3);
  FAIRWAY_EXPECT_OK(Send({header, RowsMessage({100, 200, 300})})) << "needs no end";
}

TEST_F(UploadServiceTest, EveryBadRowIsReported) {
  const absl::Status status = Send({HeaderMessage(), RowsMessage({100, 0}),
                                    RowsMessage({10'000'001, 10'000'000}), EndMessage()});
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(status), reasons::kBatchHasInvalidRows);
  EXPECT_THAT(FieldsOf(status), ElementsAre("rows[1].price", "rows[2].price"));
  EXPECT_EQ(StoredPrices(), 0);
}

TEST_F(UploadServiceTest, OtherContentUnderACommittedIdIsRefused) {
  FAIRWAY_ASSERT_OK(SendGoodBatch());
  EXPECT_EQ(ReasonOf(Send({HeaderMessage(), RowsMessage({100}), EndMessage()})),
            reasons::kBatchIdContentMismatch);
  stores_.Revert({"acme", "batch-1"});
  EXPECT_EQ(ReasonOf(SendGoodBatch()), reasons::kBatchReverted);
}

TEST_F(UploadServiceTest, AnIdIsUploadedOnceAtATime) {
  Upload first(*stub_);
  ASSERT_TRUE(first.Send(HeaderMessage()));
  ASSERT_TRUE(first.Send(RowsMessage({100})));
  AwaitState("batch-1", v1::BATCH_STATE_RECEIVING);
  EXPECT_EQ(ReasonOf(SendGoodBatch()), reasons::kBatchInProgress);
  FAIRWAY_EXPECT_OK(SendGoodBatch("batch-2"));
  ASSERT_TRUE(first.Send(EndMessage()));
  FAIRWAY_EXPECT_OK(first.Close());
  EXPECT_EQ(StoredPrices(), 4);
}

TEST_F(UploadServiceTest, ACancelledUploadLeavesNoPricesAndFreesItsId) {
  Upload upload(*stub_);
  ASSERT_TRUE(upload.Send(HeaderMessage()));
  ASSERT_TRUE(upload.Send(RowsMessage({100})));
  AwaitState("batch-1", v1::BATCH_STATE_RECEIVING);
  upload.Cancel();
  EXPECT_THAT(upload.End(), testing::StatusIs(absl::StatusCode::kCancelled));
  AwaitState("batch-1", v1::BATCH_STATE_CANCELLED);
  EXPECT_EQ(StoredPrices(), 0);
  // The writer is destroyed shortly after the batch has its state.
  const absl::Time give_up = Soon();
  while (admission_.open() > 0 && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  FAIRWAY_EXPECT_OK(SendGoodBatch());
}

TEST_F(UploadServiceTest, ATaskThatDrainsTakesNoUploads) {
  Upload running(*stub_);
  ASSERT_TRUE(running.Send(HeaderMessage("batch-0")));
  ASSERT_TRUE(running.Send(RowsMessage({100})));
  AwaitState("batch-0", v1::BATCH_STATE_RECEIVING);
  admission_.StartDraining();
  EXPECT_EQ(ReasonOf(SendGoodBatch()), reasons::kDraining);
  places_.Close(DrainingError());
  EXPECT_EQ(ReasonOf(SendGoodBatch()), reasons::kDraining);
  ASSERT_TRUE(running.Send(EndMessage()));
  FAIRWAY_EXPECT_OK(running.Close()) << "those that run go on";
}

TEST_F(UploadServiceTest, WithoutAPlaceAnUploadIsOverloaded) {
  std::list<Upload> open;
  const auto only_open_ones = [&] { return places_.taken() == static_cast<int>(open.size()); };
  const auto take_place = [&](const std::string& partner) {
    // The place of an upload that has ended is released shortly after.
    ASSERT_TRUE(Eventually(only_open_ones));
    const std::string id = absl::StrCat("open-", open.size());
    open.emplace_back(*stub_);
    ASSERT_TRUE(open.back().Send(HeaderMessage(id, partner)));
    ASSERT_TRUE(Eventually(only_open_ones));
  };
  for (int i = 0; i < 3; ++i) take_place("acme");
  EXPECT_EQ(ReasonOf(SendGoodBatch()), reasons::kOverloaded) << "acme has its share";
  FAIRWAY_EXPECT_OK(Send({HeaderMessage("batch-1", "other"), RowsMessage({100}), EndMessage()}));
  take_place("other");
  EXPECT_EQ(ReasonOf(Send({HeaderMessage("batch-1", "third"), RowsMessage({100}), EndMessage()})),
            reasons::kOverloaded);
  for (Upload& upload : open) upload.Cancel();
  for (Upload& upload : open) upload.End().IgnoreError();
}

}  // namespace
}  // namespace fairway::ingest
