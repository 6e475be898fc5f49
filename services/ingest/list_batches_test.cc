#include "services/ingest/list_batches.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/ingest/parse_batches.h"
#include "services/ingest/testing/ended_batches.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

using ListBatchesTest = EndedBatchesFixture;

TEST_F(ListBatchesTest, Pages) {
  for (int i = 0; i < 5; ++i) EndBatch(absl::StrCat("batch-", i), 0);
  v1::ListBatchesRequest message;
  message.set_page_size(2);
  std::vector<std::string> ids;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchListRequest request, ParseBatchListRequest(message));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchesPage page,
                                 ListBatches(batches_, request, Soon()));
    for (const BatchRecord& batch : page.batches) ids.push_back(batch.key.batch_id);
    message.set_page_token(page.next_page_token);
  } while (!message.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("batch-4", "batch-3", "batch-2", "batch-1", "batch-0"));
}

TEST_F(ListBatchesTest, Filters) {
  EndBatch("batch-1", 0);
  const auto count = [&](const BatchFilter& filter) {
    return ListBatches(batches_, {.filter = filter}, Soon()).value().batches.size();
  };
  EXPECT_EQ(count({}), 1);
  EXPECT_EQ(count({.partner = "acme"}), 1);
  EXPECT_EQ(count({.partner = "other"}), 0);
  EXPECT_EQ(count({.states = {BatchState::kCommitted, BatchState::kFailed}}), 1);
  EXPECT_EQ(count({.states = {BatchState::kCommitted}}), 0);
  EXPECT_EQ(count({.created_from = absl::Now() - absl::Hours(1)}), 1);
  EXPECT_EQ(count({.created_from = absl::Now() + absl::Hours(1)}), 0);
  EXPECT_EQ(count({.created_before = absl::Now() + absl::Hours(1)}), 1);
  EXPECT_EQ(count({.created_before = absl::Now() - absl::Hours(1)}), 0);
}

}  // namespace
}  // namespace fairway::ingest
