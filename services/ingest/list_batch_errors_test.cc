#include "services/ingest/list_batch_errors.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "services/ingest/parse_batches.h"
#include "services/ingest/testing/ended_batches.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

using ListBatchErrorsTest = EndedBatchesFixture;

TEST_F(ListBatchErrorsTest, Pages) {
  EndBatch("batch-1", 5);
  v1::ListBatchErrorsRequest message;
  message.set_partner("acme");
  message.set_batch_id("batch-1");
  message.set_page_size(3);
  std::vector<int64_t> rows;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchErrorListRequest request,
                                 ParseBatchErrorListRequest(message));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListBatchErrorsPage page,
                                 ListBatchErrors(batches_, request, Soon()));
    EXPECT_EQ(page.stored.stored_error_count, 5);
    EXPECT_EQ(page.stored.errors.size(), rows.empty() ? 3 : 2);
    for (const RowError& error : page.stored.errors) rows.push_back(error.row_index);
    message.set_page_token(page.next_page_token);
  } while (!message.page_token().empty());
  EXPECT_THAT(rows, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(ListBatchErrorsTest, ABatchThatIsNotThereIsNotFound) {
  EXPECT_EQ(ReasonOf(ListBatchErrors(batches_, {.key = {"acme", "batch-1"}}, Soon()).status()),
            reasons::kBatchNotFound);
}

}  // namespace
}  // namespace fairway::ingest
