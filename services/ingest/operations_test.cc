#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_location_store.h"
#include "services/ingest/converters.h"
#include "services/ingest/get_batch.h"
#include "services/ingest/import_locations.h"
#include "services/ingest/list_batch_errors.h"
#include "services/ingest/list_batches.h"
#include "services/ingest/row_cursor.h"

// The short operations, over the memory fake.
namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

class OperationsTest : public ::testing::Test {
 protected:
  void EndBatch(const std::string& batch_id, int errors) {
    RowErrorSummary summary{.error_count = errors, .bad_row_count = errors};
    for (int i = 0; i < errors; ++i) {
      summary.first_errors.push_back({i, "price", RowErrorReason::kPriceOutOfRange, "0"});
    }
    const auto claim = batches_.Claim({"acme", batch_id}, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->End(BatchState::kFailed, CancelledError(), {}, summary));
  }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryBatchStore batches_{&dataset_};
};

TEST_F(OperationsTest, GetBatchChecksTheKeyFirst) {
  EndBatch("batch-1", 0);
  FAIRWAY_EXPECT_OK(GetBatch(batches_, {"acme", "batch-1"}, Soon()));
  EXPECT_EQ(ReasonOf(GetBatch(batches_, {"acme", "batch-2"}, Soon()).status()), "BATCH_NOT_FOUND");
  EXPECT_EQ(ReasonOf(GetBatch(batches_, {"Acme", "batch-2"}, Soon()).status()), "INVALID_PARTNER");
  EXPECT_EQ(ReasonOf(GetBatch(batches_, {"acme", "b"}, Soon()).status()), "INVALID_BATCH_ID");
}

TEST_F(OperationsTest, ListBatchesPages) {
  for (int i = 0; i < 5; ++i) EndBatch(absl::StrCat("batch-", i), 0);
  ListBatchesQuery query{.page_size = 2};
  std::vector<std::string> ids;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchesPage page, ListBatches(batches_, query, Soon()));
    for (const BatchRecord& batch : page.batches) ids.push_back(batch.key.batch_id);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_THAT(ids, ElementsAre("batch-4", "batch-3", "batch-2", "batch-1", "batch-0"));
}

TEST_F(OperationsTest, ListBatchesRefusesWhatMeansNothing) {
  EndBatch("batch-1", 0);
  EndBatch("batch-2", 0);
  const auto reason = [&](const ListBatchesQuery& query) {
    return ReasonOf(ListBatches(batches_, query, Soon()).status());
  };
  const absl::Time now = absl::Now();
  EXPECT_EQ(reason({.filter = {.partner = "A"}}), "INVALID_PARTNER");
  EXPECT_EQ(reason({.filter = {.created_from = now, .created_before = now}}), "INVALID_FILTER");
  EXPECT_EQ(reason({.page_size = -1}), "INVALID_REQUEST");
  EXPECT_EQ(reason({.page_token = "nonsense"}), "INVALID_PAGE_TOKEN");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchesPage page,
                               ListBatches(batches_, {.page_size = 1}, Soon()));
  EXPECT_EQ(
      reason({.filter = {.states = {BatchState::kFailed}}, .page_token = page.next_page_token}),
      "INVALID_PAGE_TOKEN")
      << "of another request";
}

TEST_F(OperationsTest, PageTokensHoldRowsThatCanBe) {
  EndBatch("batch-1", 5);
  const auto reason = [&](int64_t row) {
    // Who guesses how tokens are made can send any.
    const std::string token = WriteCursor("errors acme batch-1", row);
    return ReasonOf(ReadCursor("errors acme batch-1", token).status());
  };
  for (const int64_t row : {int64_t{-1}, std::numeric_limits<int64_t>::min(),
                            std::numeric_limits<int64_t>::max(), (int64_t{1} << 53) + 1}) {
    EXPECT_EQ(reason(row), "INVALID_PAGE_TOKEN") << row;
  }
  EXPECT_EQ(reason(0), "");
  EXPECT_EQ(reason(int64_t{1} << 53), "");
}

TEST_F(OperationsTest, ListBatchErrorsPages) {
  EndBatch("batch-1", 5);
  ListBatchErrorsQuery query{.key = {"acme", "batch-1"}, .page_size = 3};
  std::vector<int64_t> rows;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchErrorsPage page,
                                 ListBatchErrors(batches_, query, Soon()));
    EXPECT_EQ(page.page.stored_error_count, 5);
    for (const RowError& error : page.page.errors) rows.push_back(error.row_index);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_THAT(rows, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(OperationsTest, ImportLocationsChecksNamesAndCounts) {
  const auto reason = [&](const LocationChanges& changes) {
    return ReasonOf(ImportLocations(locations_, changes, Soon()).status());
  };
  EXPECT_EQ(reason({}), "INVALID_REQUEST");
  EXPECT_EQ(reason({.regions = {{"world", "", std::nullopt}}}), "INVALID_REQUEST");
  EXPECT_EQ(reason({.regions = {{"world", std::string(201, 'x'), std::nullopt}}}),
            "INVALID_REQUEST");
  EXPECT_EQ(reason({.regions = {{"world", std::string(1, '\0'), std::nullopt}}}),
            "INVALID_REQUEST");
  EXPECT_EQ(reason({.regions = std::vector<Region>(limits::kImportLocationsMax + 1)}),
            "TOO_MANY_LOCATIONS");
  EXPECT_EQ(reason({.regions = {{"World", "World", std::nullopt}}}), "INVALID_LOCATION");
  EXPECT_EQ(reason({.regions = {{"world", "World", std::nullopt}}}), "");
}

TEST(ListBatchesRequestTest, RepeatedStatesCountOnce) {
  v1::ListBatchesRequest request;
  for (int i = 0; i < limits::kFilterStatesMax; ++i) {
    request.add_states(i % 2 == 0 ? v1::BATCH_STATE_FAILED : v1::BATCH_STATE_COMMITTED);
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchesQuery query, FromProto(request));
  EXPECT_THAT(query.filter.states, ElementsAre(BatchState::kFailed, BatchState::kCommitted));
}

}  // namespace
}  // namespace fairway::ingest
