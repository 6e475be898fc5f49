#include "services/ingest/service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "services/ingest/testing/service_fixture.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class IngestServiceTest : public IngestServiceFixture {
 protected:
  absl::Status List(const v1::ListBatchesRequest& request, v1::ListBatchesResponse& response) {
    return rpc::FromGrpcStatus(stub_->ListBatches(NewContext().get(), request, &response));
  }
  absl::Status ListErrors(const v1::ListBatchErrorsRequest& request,
                          v1::ListBatchErrorsResponse& response) {
    return rpc::FromGrpcStatus(stub_->ListBatchErrors(NewContext().get(), request, &response));
  }
  static v1::ListBatchErrorsRequest ErrorsOf(const std::string& batch_id) {
    v1::ListBatchErrorsRequest request;
    request.set_partner("acme");
    request.set_batch_id(batch_id);
    return request;
  }
  absl::Status Revert(const std::string& batch_id, v1::RevertBatchResponse& response) {
    v1::RevertBatchRequest request;
    request.set_partner("acme");
    request.set_batch_id(batch_id);
    return rpc::FromGrpcStatus(stub_->RevertBatch(NewContext().get(), request, &response));
  }
  absl::Status Import(const v1::ImportLocationsRequest& request,
                      v1::ImportLocationsResponse& response) {
    return rpc::FromGrpcStatus(stub_->ImportLocations(NewContext().get(), request, &response));
  }
  static v1::ImportLocationsRequest OnePort(const std::string& code, const std::string& parent) {
    v1::ImportLocationsRequest request;
    v1::Port& port = *request.add_ports();
    port.set_code(code);
    port.set_name("A port");
    port.set_parent(parent);
    return request;
  }
};

TEST_F(IngestServiceTest, ABatchIsFoundByItsKey) {
  v1::UploadBatchResponse receipt;
  FAIRWAY_ASSERT_OK(SendGoodBatch("batch-1", &receipt));
  v1::Batch batch;
  FAIRWAY_ASSERT_OK(GetBatch("batch-1", batch));
  EXPECT_EQ(batch.SerializeAsString(), receipt.batch().SerializeAsString());
  EXPECT_EQ(ReasonOf(GetBatch("batch-2", batch)), reasons::kBatchNotFound);
  EXPECT_EQ(ReasonOf(GetBatch("batch-1", batch, "other")), reasons::kBatchNotFound);
  const absl::Status status = GetBatch("b", batch, "Acme");
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidPartner);
  EXPECT_THAT(FieldsOf(status), ElementsAre("partner", "batch_id"));
}

TEST_F(IngestServiceTest, ABatchIsRevertedOnce) {
  FAIRWAY_ASSERT_OK(SendGoodBatch("batch-1"));
  v1::RevertBatchResponse first;
  FAIRWAY_ASSERT_OK(Revert("batch-1", first));
  EXPECT_FALSE(first.replayed());
  EXPECT_EQ(first.batch().state(), v1::BATCH_STATE_REVERTED);
  EXPECT_EQ(first.batch().reverted_version(), first.batch().committed_version() + 1);
  EXPECT_NE(first.batch().reverted_version_id(), first.batch().committed_version_id());
  v1::RevertBatchResponse second;
  FAIRWAY_ASSERT_OK(Revert("batch-1", second));
  EXPECT_TRUE(second.replayed());
  EXPECT_EQ(second.batch().SerializeAsString(), first.batch().SerializeAsString());
  v1::Batch batch;
  FAIRWAY_ASSERT_OK(GetBatch("batch-1", batch));
  EXPECT_EQ(batch.SerializeAsString(), first.batch().SerializeAsString());
}

TEST_F(IngestServiceTest, WhatCannotBeRevertedSaysWhy) {
  v1::RevertBatchResponse response;
  EXPECT_EQ(ReasonOf(Revert("batch-1", response)), reasons::kBatchNotFound);
  Send({HeaderMessage(), RowsMessage({0}), EndMessage()}).IgnoreError();
  EXPECT_EQ(ReasonOf(Revert("batch-1", response)), reasons::kBatchNotCommitted);
  const absl::Status status = Revert("b", response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidBatchId);
  EXPECT_THAT(FieldsOf(status), ElementsAre("batch_id"));
}

TEST_F(IngestServiceTest, AFailedBatchSaysWhy) {
  Send({HeaderMessage(), RowsMessage({0}), EndMessage()}).IgnoreError();
  v1::Batch batch;
  FAIRWAY_ASSERT_OK(GetBatch("batch-1", batch));
  EXPECT_EQ(batch.state(), v1::BATCH_STATE_FAILED);
  EXPECT_EQ(batch.failure_reason(), reasons::kBatchHasInvalidRows);
  EXPECT_EQ(batch.error_count(), 1);
  EXPECT_EQ(batch.bad_row_count(), 1);
  ASSERT_EQ(batch.error_counts_size(), 1);
  EXPECT_EQ(batch.error_counts(0).reason(), v1::ROW_ERROR_REASON_PRICE_OUT_OF_RANGE);
  EXPECT_EQ(batch.error_counts(0).count(), 1);
  EXPECT_FALSE(batch.has_commit_time());
}

TEST_F(IngestServiceTest, BatchesAreListedNewestFirst) {
  for (int i = 0; i < 3; ++i) FAIRWAY_ASSERT_OK(SendGoodBatch(absl::StrCat("batch-", i)));
  Send({HeaderMessage("failed-1"), RowsMessage({0}), EndMessage()}).IgnoreError();
  v1::ListBatchesRequest request;
  request.set_page_size(2);
  request.add_states(v1::BATCH_STATE_COMMITTED);
  std::vector<std::string> ids;
  do {
    v1::ListBatchesResponse response;
    FAIRWAY_ASSERT_OK(List(request, response));
    for (const v1::Batch& batch : response.batches()) ids.push_back(batch.batch_id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("batch-2", "batch-1", "batch-0"));
  request.set_partner("other");
  v1::ListBatchesResponse response;
  FAIRWAY_ASSERT_OK(List(request, response));
  EXPECT_THAT(response.batches(), IsEmpty());
}

TEST_F(IngestServiceTest, ListsOfBatchesAreRefused) {
  v1::ListBatchesRequest request;
  v1::ListBatchesResponse response;
  request.set_partner("A");
  request.add_states(v1::BATCH_STATE_UNSPECIFIED);
  request.set_page_size(-1);
  const absl::Status status = List(request, response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidPartner);
  EXPECT_THAT(FieldsOf(status), ElementsAre("partner", "states", "page_size"));
  request.Clear();
  request.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(List(request, response)), reasons::kInvalidPageToken);
  request.Clear();
  for (int i = 0; i < limits::kFilterStatesMax; ++i) request.add_states(v1::BATCH_STATE_FAILED);
  FAIRWAY_EXPECT_OK(List(request, response));
  request.add_states(v1::BATCH_STATE_FAILED);
  EXPECT_EQ(ReasonOf(List(request, response)), reasons::kInvalidFilter) << "one too many";
}

TEST_F(IngestServiceTest, RowErrorsAreListedInRowOrder) {
  Send({HeaderMessage(), RowsMessage({0, 5, -1, 10'000'001}), EndMessage()}).IgnoreError();
  v1::ListBatchErrorsRequest request = ErrorsOf("batch-1");
  request.set_page_size(2);
  std::vector<std::string> errors;
  do {
    v1::ListBatchErrorsResponse response;
    FAIRWAY_ASSERT_OK(ListErrors(request, response));
    EXPECT_EQ(response.error_count(), 3);
    EXPECT_EQ(response.bad_row_count(), 3);
    EXPECT_EQ(response.stored_error_count(), 3);
    ASSERT_EQ(response.error_counts_size(), 1);
    for (const v1::RowError& error : response.errors()) {
      errors.push_back(absl::StrCat(error.row_index(), " ", error.field(), " ",
                                    v1::RowErrorReason_Name(error.reason()), " ", error.value()));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(errors, ElementsAre("0 price ROW_ERROR_REASON_PRICE_OUT_OF_RANGE 0",
                                  "2 price ROW_ERROR_REASON_PRICE_OUT_OF_RANGE -1",
                                  "3 price ROW_ERROR_REASON_PRICE_OUT_OF_RANGE 10000001"));
}

TEST_F(IngestServiceTest, ListsOfRowErrorsAreRefused) {
  v1::ListBatchErrorsResponse response;
  EXPECT_EQ(ReasonOf(ListErrors(ErrorsOf("batch-1"), response)), reasons::kBatchNotFound);
  v1::ListBatchErrorsRequest request = ErrorsOf("b");
  request.set_page_size(-1);
  const absl::Status status = ListErrors(request, response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidBatchId);
  EXPECT_THAT(FieldsOf(status), ElementsAre("batch_id", "page_size"));
  request = ErrorsOf("batch-1");
  request.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(ListErrors(request, response)), reasons::kInvalidPageToken);
}

TEST_F(IngestServiceTest, LocationsAreImported) {
  v1::ImportLocationsResponse response;
  FAIRWAY_ASSERT_OK(Import(OnePort("USLAX", "world"), response));
  EXPECT_EQ(response.dataset_version(), 2);
  EXPECT_NE(response.dataset_version_id(), 0);
  EXPECT_EQ(response.added_count(), 1);
  FAIRWAY_ASSERT_OK(Import(OnePort("USLAX", "world"), response));
  EXPECT_EQ(response.dataset_version(), 2) << "nothing changed";
  EXPECT_EQ(response.unchanged_count(), 1);
}

TEST_F(IngestServiceTest, ImportsAreRefused) {
  v1::ImportLocationsResponse response;
  EXPECT_EQ(ReasonOf(Import({}, response)), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Import(OnePort("USLAX", "atlantis"), response)), reasons::kInvalidLocation);
  v1::ImportLocationsRequest request = OnePort("uslax", "world");
  request.add_regions()->set_slug("Asia");
  const absl::Status status = Import(request, response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
  EXPECT_THAT(FieldsOf(status), ElementsAre("regions[0].slug", "regions[0].name", "ports[0].code"));
  request.Clear();
  for (int i = 0; i <= limits::kImportLocationsMax; ++i) request.add_ports();
  EXPECT_EQ(ReasonOf(Import(request, response)), reasons::kTooManyLocations);
  request.Clear();
  for (int i = 0; i <= limits::kImportLocationsMax; ++i) request.add_regions();
  EXPECT_EQ(ReasonOf(Import(request, response)), reasons::kTooManyLocations);
}

TEST_F(IngestServiceTest, WhatIsNotImplementedSaysSo) {
  v1::CreateBatchResponse created;
  v1::CommitBatchResponse committed;
  v1::CancelBatchResponse cancelled;
  for (const grpc::Status& status : {stub_->CreateBatch(NewContext().get(), {}, &created),
                                     stub_->CommitBatch(NewContext().get(), {}, &committed),
                                     stub_->CancelBatch(NewContext().get(), {}, &cancelled)}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(ReasonOf(rpc::FromGrpcStatus(status)), reasons::kNotImplemented);
  }
  const auto context = NewContext();
  const auto stream = stub_->AppendPrices(context.get());
  stream->WritesDone();
  EXPECT_EQ(ReasonOf(rpc::FromGrpcStatus(stream->Finish())), reasons::kNotImplemented);
}

}  // namespace
}  // namespace fairway::ingest
