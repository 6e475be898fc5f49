#include "services/ingest/upload_batch.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "services/ingest/testing/upload_batch_fixture.h"

namespace fairway::ingest {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

using UploadBatchTest = UploadBatchFixture;

TEST_F(UploadBatchTest, CommitsAllRowsAndReportsThem) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt receipt, Upload({GoodRows(), {}, GoodRows()}));
  EXPECT_FALSE(receipt.replayed);
  EXPECT_EQ(receipt.batch.state, BatchState::kCommitted);
  EXPECT_EQ(receipt.batch.content.row_count, 6);
  EXPECT_EQ(receipt.batch.content.lane_count, 2);
  EXPECT_EQ(FormatDay(receipt.batch.content.days->last), "2021-01-03");
  EXPECT_EQ(StoredPrices(), 6);
  EXPECT_EQ(admission_.open(), 0);
}

TEST_F(UploadBatchTest, TheSameAgainIsReplayedWhateverItsOrder) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt first, Upload({GoodRows()}));
  std::vector<Row> reversed = GoodRows();
  std::reverse(reversed.begin(), reversed.end());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt second,
                               Upload({{reversed[0]}, {reversed[1], reversed[2]}}));
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(second.batch.committed_version, first.batch.committed_version);
  EXPECT_EQ(StoredPrices(), 3);
}

TEST_F(UploadBatchTest, ADeclaredDigestIsAnsweredWithoutReadingRows) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt first, Upload({GoodRows()}));
  UploadHeader header = Header();
  header.declared_digest = first.batch.content.digest;
  FakeSource source({GoodRows()});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt again, upload_.Run(header, source, Soon()));
  EXPECT_TRUE(again.replayed);
  EXPECT_FALSE(source.touched());
  header.declared_digest = "xxh3sum-00000000000000000000000000000000";
  EXPECT_EQ(ReasonOf(Upload(header, FakeSource({})).status()), reasons::kBatchIdContentMismatch);
}

TEST_F(UploadBatchTest, OtherContentUnderTheSameIdIsAnErrorWithBothDigests) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt first, Upload({GoodRows()}));
  std::vector<Row> changed = GoodRows();
  changed[1].price += 1;
  const absl::Status status = Upload({changed}).status();
  EXPECT_EQ(ReasonOf(status), reasons::kBatchIdContentMismatch);
  EXPECT_THAT(DetailsOf(status).metadata,
              Contains(Pair("committed_digest", first.batch.content.digest)));
  EXPECT_EQ(StoredPrices(), 3);
}

TEST_F(UploadBatchTest, BadRowsUnderACommittedIdAreReportedAsOtherContent) {
  FAIRWAY_ASSERT_OK(Upload({GoodRows()}));
  std::vector<Row> changed = GoodRows();
  changed[1].price = 0;
  const absl::Status status = Upload({changed}).status();
  EXPECT_EQ(ReasonOf(status), reasons::kBatchHasInvalidRows);
  EXPECT_THAT(DetailsOf(status).field_violations, SizeIs(1));
  EXPECT_THAT(std::string(status.message()), HasSubstr("is unchanged"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("ListBatchErrors")));
  EXPECT_EQ(StoredPrices(), 3);
}

TEST_F(UploadBatchTest, EveryBadRowIsReportedAndNothingIsStored) {
  const std::vector<Row> rows = {{"CNSHA", "NLRTM", "2021-01-01", 100},
                                 {"XXXXX", "world", "2021-02-29", 0},
                                 {"", "NLRTM", "", 10'000'001},
                                 {"cnsha", "NLRTM", "2101-01-01", 5},
                                 {"CNSHA", "NLRTM", "2021-01-01", 100}};
  EXPECT_EQ(ReasonOf(Upload({rows}).status()), reasons::kBatchHasInvalidRows);
  EXPECT_EQ(StoredPrices(), 0);
  const BatchRecord record = Record();
  EXPECT_EQ(record.state, BatchState::kFailed);
  EXPECT_EQ(record.content.row_count, 5);
  EXPECT_EQ(record.bad_row_count, 3);
  EXPECT_EQ(record.error_count, 9);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage page,
                               batches_.ListErrors(Header().key, std::nullopt, 100, Soon()));
  std::vector<std::string> errors;
  for (const RowError& error : page.errors) {
    errors.push_back(absl::StrCat(error.row_index, " ", error.field, " ",
                                  RowErrorReasonName(error.reason), " ", error.value));
  }
  EXPECT_THAT(errors,
              ElementsAre("1 origin UNKNOWN_PORT XXXXX", "1 destination NOT_A_PORT world",
                          "1 day BAD_DATE 2021-02-29", "1 price PRICE_OUT_OF_RANGE 0",
                          "2 origin MISSING_FIELD ", "2 day MISSING_FIELD ",
                          "2 price PRICE_OUT_OF_RANGE 10000001", "3 origin NOT_A_PORT cnsha",
                          "3 day DATE_OUT_OF_RANGE 2101-01-01"));
  FAIRWAY_EXPECT_OK(Upload({GoodRows()})) << "the id is free";
}

TEST_F(UploadBatchTest, MoreLanesThanAreCountedAreNoneOfAFailedBatch) {
  LocationChanges ports;
  std::vector<Row> rows;
  for (int i = 0; i < 730; ++i) {
    const std::string code = absl::StrFormat("XX%03d", i);
    ports.ports.push_back({.code = *PortCode::Parse(code), .name = "A port", .parent = "world"});
    for (int j = 0; j < 730; ++j) {
      rows.push_back({code, absl::StrFormat("XX%03d", j), "2021-01-01", 100});
    }
  }
  FAIRWAY_ASSERT_OK(locations_.Import(ports, Soon()));
  UploadHeader header = Header();
  header.declared_row_count = 1;
  EXPECT_EQ(ReasonOf(Upload(header, FakeSource({rows})).status()), reasons::kContentIncomplete);
  EXPECT_EQ(Record().content.row_count, 730 * 730);
  EXPECT_EQ(Record().content.lane_count, 0);
}

TEST_F(UploadBatchTest, AClientThatGoesAwayLeavesACancelledBatch) {
  EXPECT_EQ(ReasonOf(Upload(Header(), FakeSource({GoodRows()}, CancelledError())).status()),
            reasons::kCancelled);
  EXPECT_EQ(Record().state, BatchState::kCancelled);
  EXPECT_EQ(StoredPrices(), 0);
}

TEST_F(UploadBatchTest, ATaskThatDrainsReadsNoRows) {
  admission_.StartDraining();
  FakeSource source({GoodRows()});
  EXPECT_EQ(ReasonOf(upload_.Run(Header(), source, Soon()).status()), reasons::kDraining);
  EXPECT_FALSE(source.touched());
}

TEST_F(UploadBatchTest, ARevertedBatchKeepsItsId) {
  FAIRWAY_ASSERT_OK(Upload({GoodRows()}));
  {
    const std::lock_guard lock(dataset_.mutex);
    dataset_.content.batches.at(Header().key).record.state = BatchState::kReverted;
  }
  EXPECT_EQ(ReasonOf(Upload({GoodRows()}).status()), reasons::kBatchReverted);
}

}  // namespace
}  // namespace fairway::ingest
