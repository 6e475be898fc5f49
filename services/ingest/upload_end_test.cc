#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "services/ingest/testing/upload_batch_fixture.h"

// What is declared of a batch, before its rows or behind them, and how an upload ends.
namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

using UploadEndTest = UploadBatchFixture;

// The message and the details name `field`, which declared what did not arrive.
void ExpectIncomplete(const absl::Status& status, const std::string& field) {
  EXPECT_EQ(ReasonOf(status), reasons::kContentIncomplete);
  EXPECT_THAT(std::string(status.message()), HasSubstr(field + ": declared "));
  EXPECT_THAT(DetailsOf(status).field_violations,
              ElementsAre(Field(&FieldViolation::field, field)));
}

TEST_F(UploadEndTest, WhatWasDeclaredMustArrive) {
  UploadHeader header = Header();
  header.declared_row_count = 4;
  ExpectIncomplete(Upload(header, FakeSource({GoodRows()})).status(), "header.declared_row_count");
  EXPECT_EQ(Record().failure_reason, reasons::kContentIncomplete);
  header.declared_row_count = 3;
  header.declared_digest = "xxh3sum-00000000000000000000000000000000";
  ExpectIncomplete(Upload(header, FakeSource({GoodRows()})).status(), "header.declared_digest");
  EXPECT_EQ(ReasonOf(Upload({}).status()), reasons::kInvalidRequest) << "no rows at all";
  EXPECT_EQ(StoredPrices(), 0);
}

TEST_F(UploadEndTest, SilenceIsNoEnd) {
  const absl::Status status = Upload(Header(), FakeSource({GoodRows()}, std::nullopt)).status();
  EXPECT_EQ(ReasonOf(status), reasons::kBatchEndMissing);
  EXPECT_EQ(Record().failure_reason, reasons::kBatchEndMissing);
  EXPECT_EQ(StoredPrices(), 0);
  EXPECT_EQ(ReasonOf(Upload(Header(), FakeSource({}, std::nullopt)).status()),
            reasons::kBatchEndMissing);
  std::vector<Row> bad = GoodRows();
  bad[0].price = 0;
  EXPECT_EQ(ReasonOf(Upload(Header(), FakeSource({bad}, std::nullopt)).status()),
            reasons::kBatchEndMissing);
  FAIRWAY_EXPECT_OK(Upload({GoodRows()})) << "the id is free";
  EXPECT_EQ(ReasonOf(Upload(Header(), FakeSource({GoodRows()}, std::nullopt)).status()),
            reasons::kBatchEndMissing)
      << "a replay that is cut is no replay";
}

TEST_F(UploadEndTest, AHeaderThatSaysWhatAllIsNeedsNoEnd) {
  UploadHeader header = Header();
  header.declared_row_count = 3;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadReceipt receipt,
                               Upload(header, FakeSource({GoodRows()}, std::nullopt)));
  header = {.key = {"acme", "batch-2"}, .declared_digest = receipt.batch.content.digest};
  FAIRWAY_EXPECT_OK(Upload(header, FakeSource({GoodRows()}, std::nullopt)));
  header = {.key = {"acme", "batch-3"}, .declared_row_count = 4};
  EXPECT_EQ(ReasonOf(Upload(header, FakeSource({GoodRows()}, std::nullopt)).status()),
            reasons::kContentIncomplete);
}

TEST_F(UploadEndTest, TheTotalsOfTheEndMustBeReached) {
  const std::string other_digest = "xxh3sum-00000000000000000000000000000000";
  for (const UploadEnd& end : {UploadEnd{.row_count = 4}, UploadEnd{.row_count = 2},
                               UploadEnd{.digest = other_digest}, UploadEnd{.digest = "x"}}) {
    ExpectIncomplete(Upload(Header(), FakeSource({GoodRows()}, end)).status(),
                     end.row_count ? "end.row_count" : "end.digest");
    EXPECT_EQ(StoredPrices(), 0);
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const UploadReceipt receipt,
      Upload(Header(), FakeSource({GoodRows()}, UploadEnd{.row_count = 3})));
  FAIRWAY_EXPECT_OK(Upload(
      Header(), FakeSource({GoodRows()}, UploadEnd{.digest = receipt.batch.content.digest})));
  ExpectIncomplete(Upload(Header(), FakeSource({GoodRows()}, UploadEnd{.row_count = 4})).status(),
                   "end.row_count");
  UploadHeader header = Header();
  header.declared_digest = receipt.batch.content.digest;
  header.declared_row_count = 4;
  ExpectIncomplete(Upload(header, FakeSource({})).status(), "header.declared_row_count");
}

}  // namespace
}  // namespace fairway::ingest
