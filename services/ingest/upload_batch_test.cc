#include "services/ingest/upload_batch.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"

namespace fairway::ingest {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

struct Row {
  std::string origin;
  std::string destination;
  std::string day;
  int64_t price;
};

// Chunks of rows, and then what is said at the end, or a failure. Counts what was asked for.
class FakeSource final : public RowSource {
 public:
  explicit FakeSource(std::vector<std::vector<Row>> chunks,
                      std::optional<UploadEnd> end = UploadEnd{})
      : chunks_(std::move(chunks)), end_(std::move(end)) {}
  FakeSource(std::vector<std::vector<Row>> chunks, absl::Status failure)
      : chunks_(std::move(chunks)), failure_(std::move(failure)) {}

  absl::StatusOr<const RawBlock*> Next() override {
    if (next_ == chunks_.size()) {
      ++next_;
      if (!failure_.ok()) return failure_;
      return nullptr;
    }
    rows_.clear();
    for (const Row& row : chunks_[next_]) {
      rows_.push_back({row.origin, row.destination, row.day, row.price});
    }
    ++next_;
    block_ = RawRows(rows_);
    return &block_;
  }
  std::optional<UploadEnd> end() const override { return end_; }
  bool touched() const { return next_ > 0; }

 private:
  const std::vector<std::vector<Row>> chunks_;
  const std::optional<UploadEnd> end_;
  const absl::Status failure_;
  size_t next_ = 0;
  std::vector<RawPrice> rows_;
  RawBlock block_;
};

std::vector<Row> GoodRows() {
  return {{"CNSHA", "NLRTM", "2021-01-01", 100},
          {"CNSHA", "NLRTM", "2021-01-03", 300},
          {"NLRTM", "CNSHA", "2021-01-02", 200}};
}

class UploadBatchTest : public ::testing::Test {
 protected:
  UploadBatchTest() {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(locations_.Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
  }

  static UploadHeader Header() { return {.key = {"acme", "batch-1"}}; }

  absl::StatusOr<UploadReceipt> Upload(const UploadHeader& header, FakeSource source) {
    return upload_.Run(header, source, Soon());
  }
  absl::StatusOr<UploadReceipt> Upload(std::vector<std::vector<Row>> chunks) {
    return Upload(Header(), FakeSource(std::move(chunks)));
  }
  BatchRecord Record() { return batches_.Get(Header().key, Soon()).value(); }
  // The message and the details name `field`, which declared what did not arrive.
  static void ExpectIncomplete(const absl::Status& status, const std::string& field) {
    EXPECT_EQ(ReasonOf(status), reasons::kContentIncomplete);
    EXPECT_THAT(std::string(status.message()), HasSubstr(field + ": declared "));
    EXPECT_THAT(DetailsOf(status).field_violations,
                ElementsAre(Field(&FieldViolation::field, field)));
  }
  int64_t StoredPrices() { return rates_.ReadDataset(Soon())->price_count; }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryBatchStore batches_{&dataset_};
  testing::MemoryRateReader rates_{&dataset_};
  Admission admission_{&clock_};
  UploadBatch upload_{&batches_, &locations_, &admission_};
};

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

TEST_F(UploadBatchTest, WhatWasDeclaredMustArrive) {
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

TEST_F(UploadBatchTest, SilenceIsNoEnd) {
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

TEST_F(UploadBatchTest, AHeaderThatSaysWhatAllIsNeedsNoEnd) {
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

TEST_F(UploadBatchTest, TheTotalsOfTheEndMustBeReached) {
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
