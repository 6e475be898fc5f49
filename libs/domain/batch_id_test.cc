#include "libs/domain/batch_id.h"

#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

TEST(BatchIdTest, AcceptsTheWholeAlphabetAndBothEnds) {
  FAIRWAY_EXPECT_OK(CheckBatchId("a-09"));
  FAIRWAY_EXPECT_OK(CheckBatchId(std::string(63, 'z')));
}

TEST(BatchIdTest, RefusesOtherLengthsAndLetters) {
  for (const std::string& text :
       {std::string(), std::string("abc"), std::string(64, 'a'), std::string("Batch-1"),
        std::string("batch_1"), std::string("batch 1"), std::string("b/../1"),
        std::string("batch.1")}) {
    EXPECT_EQ(ReasonOf(CheckBatchId(text)), reasons::kInvalidBatchId) << text;
  }
}

TEST(PartnerTest, IsShortAndLowerCase) {
  FAIRWAY_EXPECT_OK(CheckPartner("m"));
  FAIRWAY_EXPECT_OK(CheckPartner(std::string(63, 'a')));
  EXPECT_EQ(ReasonOf(CheckPartner("")), reasons::kInvalidPartner);
  EXPECT_EQ(ReasonOf(CheckPartner("Maersk")), reasons::kInvalidPartner);
  EXPECT_EQ(ReasonOf(CheckPartner(std::string(64, 'a'))), reasons::kInvalidPartner);
}

TEST(BatchKeyTest, HoldsBothOrReportsBoth) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchKey key, ParseBatchKey("acme", "batch-1"));
  EXPECT_EQ(key, (BatchKey{"acme", "batch-1"}));
  EXPECT_EQ(ReasonOf(ParseBatchKey("acme", "b").status()), reasons::kInvalidBatchId);
  const absl::Status status = ParseBatchKey("", "b").status();
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidPartner);
  ASSERT_EQ(DetailsOf(status).field_violations.size(), 2);
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "partner");
  EXPECT_EQ(DetailsOf(status).field_violations[1].field, "batch_id");
}

}  // namespace
}  // namespace fairway
