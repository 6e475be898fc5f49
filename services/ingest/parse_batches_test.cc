#include "services/ingest/parse_batches.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

constexpr char kDigest[] = "xxh3sum-00000000000000000000000000000000";

class ParseUploadHeaderTest : public ::testing::Test {
 protected:
  ParseUploadHeaderTest() {
    message_.set_partner("acme");
    message_.set_batch_id("batch-1");
  }
  template <typename Change>
  std::string ReasonAfter(Change change) const {
    v1::BatchHeader changed = message_;
    change(changed);
    return ReasonOf(ParseUploadHeader(changed).status());
  }

  v1::BatchHeader message_;
};

TEST_F(ParseUploadHeaderTest, ReadsEachField) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadHeader least, ParseUploadHeader(message_));
  EXPECT_EQ(least.key, (BatchKey{"acme", "batch-1"}));
  EXPECT_EQ(least.declared_row_count, std::nullopt);
  EXPECT_EQ(least.declared_digest, "");
  message_.set_label("a label");
  message_.set_declared_row_count(50'000'000);
  message_.set_declared_digest(kDigest);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadHeader all, ParseUploadHeader(message_));
  EXPECT_EQ(all.label, "a label");
  EXPECT_EQ(all.declared_row_count, 50'000'000);
  EXPECT_EQ(all.declared_digest, kDigest);
}

TEST_F(ParseUploadHeaderTest, ChecksEachField) {
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_partner("Acme"); }), reasons::kInvalidPartner);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_batch_id("abc"); }), reasons::kInvalidBatchId);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_label(std::string(128, 'x')); }), "");
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_label(std::string(129, 'x')); }),
            reasons::kInvalidLabel);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_label(std::string(1, '\0')); }),
            reasons::kInvalidLabel);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_declared_row_count(-1); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_declared_row_count(0); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_declared_row_count(1); }), "");
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_declared_row_count(50'000'001); }),
            reasons::kTooManyRows);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_declared_digest("x"); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_validate_only(true); }), reasons::kNotImplemented);
  EXPECT_EQ(ReasonAfter([](auto& h) { h.set_supersedes("batch-0"); }), reasons::kNotImplemented);
}

TEST_F(ParseUploadHeaderTest, EveryBadFieldIsReported) {
  message_.set_partner("Acme");
  message_.set_batch_id("b");
  message_.set_label(std::string(129, 'x'));
  message_.set_declared_row_count(0);
  message_.set_declared_digest("x");
  message_.set_validate_only(true);
  const absl::Status status = ParseUploadHeader(message_).status();
  EXPECT_THAT(FieldsOf(status), ElementsAre("partner", "batch_id", "label",
                                            "header.declared_row_count", "header.declared_digest"));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidPartner);
}

TEST(ParseUploadEndTest, WhatIsNotDeclaredIsNotThere) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadEnd nothing, ParseUploadEnd({}));
  EXPECT_EQ(nothing.row_count, std::nullopt);
  EXPECT_EQ(nothing.digest, "");
  v1::BatchEnd end;
  end.set_row_count(0);
  end.set_digest(kDigest);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadEnd declared, ParseUploadEnd(end));
  EXPECT_EQ(declared.row_count, 0);
  EXPECT_EQ(declared.digest, kDigest);
}

// A digest is stored and quoted when it is not that of the rows, so it has its form.
TEST(ParseUploadEndTest, EveryBadFieldIsReported) {
  v1::BatchEnd end;
  end.set_row_count(-1);
  end.set_digest(std::string(1'000'000, 'x'));
  const absl::Status status = ParseUploadEnd(end).status();
  EXPECT_THAT(FieldsOf(status), ElementsAre("end.row_count", "end.digest"));
  EXPECT_LT(status.message().size(), 200);
}

TEST(ParseGetBatchTest, ChecksTheKey) {
  v1::GetBatchRequest message;
  message.set_partner("Acme");
  message.set_batch_id("batch-2");
  EXPECT_EQ(ReasonOf(ParseGetBatchRequest(message).status()), reasons::kInvalidPartner);
  message.set_partner("acme");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchKey key, ParseGetBatchRequest(message));
  EXPECT_EQ(key, (BatchKey{"acme", "batch-2"}));
  message.set_batch_id("b");
  EXPECT_EQ(ReasonOf(ParseGetBatchRequest(message).status()), reasons::kInvalidBatchId);
}

TEST(ParseRevertBatchTest, ChecksTheKey) {
  v1::RevertBatchRequest message;
  message.set_partner("acme");
  EXPECT_EQ(ReasonOf(ParseRevertBatchRequest(message).status()), reasons::kInvalidBatchId);
  message.set_batch_id("batch-2");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchKey key, ParseRevertBatchRequest(message));
  EXPECT_EQ(key, (BatchKey{"acme", "batch-2"}));
}

class ParseBatchListTest : public ::testing::Test {
 protected:
  template <typename Change>
  std::string ReasonAfter(Change change) const {
    v1::ListBatchesRequest changed = message_;
    change(changed);
    return ReasonOf(ParseBatchListRequest(changed).status());
  }

  v1::ListBatchesRequest message_;
};

TEST_F(ParseBatchListTest, ReadsEachField) {
  message_.set_page_size(7);
  message_.set_partner("acme");
  message_.add_states(v1::BATCH_STATE_EXPIRED);
  message_.mutable_created_from()->set_seconds(-60'000'000'000);  // The year 68.
  message_.mutable_created_before()->set_seconds(2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchListRequest list, ParseBatchListRequest(message_));
  EXPECT_EQ(list.page_size, 7);
  EXPECT_EQ(list.filter.partner, "acme");
  EXPECT_THAT(list.filter.states, ElementsAre(BatchState::kExpired));
  EXPECT_EQ(list.filter.created_from, absl::FromUnixSeconds(-60'000'000'000));
  EXPECT_EQ(list.filter.created_before, absl::FromUnixSeconds(2));
  EXPECT_EQ(list.after, std::nullopt);
}

TEST_F(ParseBatchListTest, EachStateIsThatOfTheContract) {
  for (int state = v1::BATCH_STATE_RECEIVING; state <= v1::BATCH_STATE_EXPIRED; ++state) {
    v1::ListBatchesRequest one;
    one.add_states(static_cast<v1::BatchState>(state));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchListRequest list, ParseBatchListRequest(one));
    ASSERT_EQ(list.filter.states.size(), 1);
    const std::string name = v1::BatchState_Name(static_cast<v1::BatchState>(state));
    EXPECT_EQ(name, "BATCH_STATE_" + std::string(BatchStateName(list.filter.states[0])));
  }
}

TEST_F(ParseBatchListTest, RepeatedStatesCountOnce) {
  for (int i = 0; i < limits::kFilterStatesMax; ++i) {
    message_.add_states(i % 2 == 0 ? v1::BATCH_STATE_FAILED : v1::BATCH_STATE_COMMITTED);
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchListRequest list, ParseBatchListRequest(message_));
  EXPECT_THAT(list.filter.states, ElementsAre(BatchState::kFailed, BatchState::kCommitted));
}

TEST_F(ParseBatchListTest, RefusesWhatMeansNothing) {
  EXPECT_EQ(ReasonAfter([](auto& l) { l.set_partner("A"); }), reasons::kInvalidPartner);
  EXPECT_EQ(ReasonAfter([](auto& l) {
              l.mutable_created_from()->set_seconds(5);
              l.mutable_created_before()->set_seconds(5);
            }),
            reasons::kInvalidFilter);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.set_page_size(-1); }), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.set_page_token("nonsense"); }), reasons::kInvalidPageToken);
  for (const int state : {-1, 0, 7}) {
    EXPECT_EQ(ReasonAfter([&](auto& l) { l.add_states(static_cast<v1::BatchState>(state)); }),
              reasons::kInvalidFilter)
        << state;
  }
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_from()->set_nanos(-1); }),
            reasons::kInvalidFilter);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_before()->set_nanos(1'000'000'000); }),
            reasons::kInvalidFilter);
}

TEST_F(ParseBatchListTest, EveryBadFieldIsReported) {
  message_.set_partner("A");
  message_.add_states(v1::BATCH_STATE_UNSPECIFIED);
  message_.mutable_created_from()->set_nanos(-1);
  message_.mutable_created_before()->set_nanos(-1);
  message_.set_page_size(-1);
  message_.set_page_token("nonsense");
  EXPECT_THAT(FieldsOf(ParseBatchListRequest(message_).status()),
              ElementsAre("partner", "states", "created_from", "created_before", "page_size"));
  message_ = {};
  message_.set_page_size(-1);
  message_.set_page_token("nonsense");
  EXPECT_THAT(FieldsOf(ParseBatchListRequest(message_).status()),
              ElementsAre("page_size", "page_token"));
}

TEST_F(ParseBatchListTest, ATokenIsBoundToEachFilter) {
  message_.set_page_token(FormatRowCursor(PageScopeOf(BatchFilter()), 17));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchListRequest next, ParseBatchListRequest(message_));
  EXPECT_EQ(next.after, 17);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.set_page_size(3); }), "") << "pages may differ in size";
  EXPECT_EQ(ReasonAfter([](auto& l) { l.set_partner("acme"); }), reasons::kInvalidPageToken);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.add_states(v1::BATCH_STATE_FAILED); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_from()->set_seconds(5); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_before()->set_seconds(5); }),
            reasons::kInvalidPageToken);
}

TEST_F(ParseBatchListTest, ATokenIsBoundToTheTimesThemselves) {
  const BatchFilter filter = {.created_from = absl::FromUnixSeconds(5),
                              .created_before = absl::FromUnixSeconds(9)};
  message_.set_page_token(FormatRowCursor(PageScopeOf(filter), 17));
  message_.mutable_created_from()->set_seconds(5);
  message_.mutable_created_before()->set_seconds(9);
  FAIRWAY_EXPECT_OK(ParseBatchListRequest(message_));
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_from()->set_seconds(6); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(ReasonAfter([](auto& l) { l.mutable_created_before()->set_seconds(8); }),
            reasons::kInvalidPageToken);
}

TEST(ParseBatchErrorListTest, EveryBadFieldIsReported) {
  v1::ListBatchErrorsRequest message;
  message.set_page_size(-1);
  EXPECT_THAT(FieldsOf(ParseBatchErrorListRequest(message).status()),
              ElementsAre("partner", "batch_id", "page_size"));
}

TEST(ParseBatchErrorListTest, ATokenIsBoundToTheBatch) {
  v1::ListBatchErrorsRequest message;
  message.set_partner("acme");
  message.set_batch_id("batch-1");
  message.set_page_size(2'000);
  message.set_page_token(FormatRowCursor(PageScopeOf(BatchKey{"acme", "batch-1"}), 4));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchErrorListRequest list,
                               ParseBatchErrorListRequest(message));
  EXPECT_EQ(list.key, (BatchKey{"acme", "batch-1"}));
  EXPECT_EQ(list.page_size, 1'000);
  EXPECT_EQ(list.after, 4);
  message.set_batch_id("batch-2");
  EXPECT_EQ(ReasonOf(ParseBatchErrorListRequest(message).status()), reasons::kInvalidPageToken);
  message.set_batch_id("batch-1");
  message.set_partner("other");
  EXPECT_EQ(ReasonOf(ParseBatchErrorListRequest(message).status()), reasons::kInvalidPageToken);
}

}  // namespace
}  // namespace fairway::ingest
