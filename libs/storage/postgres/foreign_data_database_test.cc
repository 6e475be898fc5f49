#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

// What clients send and what later releases write is answered, whatever it is, and stops nothing.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;
using ::testing::HasSubstr;

const BatchKey kForeignBatch = {"acme", "batch-1"};

class ForeignDataTest : public ::testing::Test {
 protected:
  void Fail(absl::string_view message, std::vector<RowError> errors) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(kForeignBatch, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kFailed, absl::UnknownError(message), {},
                                        {.error_count = static_cast<int64_t>(errors.size()),
                                         .bad_row_count = 1,
                                         .first_errors = std::move(errors)}));
  }
  size_t CountCreated(std::optional<absl::Time> from, std::optional<absl::Time> before) {
    const auto page =
        store_.List({.created_from = from, .created_before = before}, std::nullopt, 10, Soon());
    FAIRWAY_EXPECT_OK(page);
    return page.ok() ? page->batches.size() : 99;
  }

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresBatchStore store_{&pool_, database_.options()};
};

TEST_F(ForeignDataTest, TimesOfAnyYearAreUnderstood) {
  Fail("x", {});
  const auto year = [](int64_t number) {
    return absl::FromCivil(absl::CivilSecond(number, 2, 3, 4, 5, 6), absl::UTCTimeZone()) +
           absl::Nanoseconds(999'999'999);
  };
  for (const int64_t past : {-300'000, -4'712, -44, -1, 0, 1, 60, 999, 1969}) {
    EXPECT_EQ(CountCreated(year(past), std::nullopt), 1) << past;
    EXPECT_EQ(CountCreated(std::nullopt, year(past)), 0) << past;
  }
  for (const int64_t future : {9'999, 10'000, 290'000, 300'000}) {
    EXPECT_EQ(CountCreated(year(future), std::nullopt), 0) << future;
    EXPECT_EQ(CountCreated(std::nullopt, year(future)), 1) << future;
  }
  EXPECT_EQ(CountCreated(absl::InfinitePast(), absl::InfiniteFuture()), 1);
  // Exactly so: a year before Christ that lost its sign would be after it.
  Execute(database_.options(), "UPDATE fairway.batches SET create_time = '0044-03-15 12:00+00 BC'");
  EXPECT_EQ(CountCreated(year(-44), year(-42)), 1);
  EXPECT_EQ(CountCreated(year(-42), year(44)), 0);
}

TEST_F(ForeignDataTest, TextThatIsNoTextIsStoredReadably) {
  RowError error{.row_index = 3, .field = std::string("ori\0gin", 7), .value = "NLRT\xCD"};
  Fail(absl::string_view("broken \0 and \xFF\xFE", 15), {error});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage page,
                               store_.ListErrors(kForeignBatch, std::nullopt, 10, Soon()));
  EXPECT_EQ(page.batch.failure_message, "broken \uFFFD and \uFFFD\uFFFD");
  ASSERT_EQ(page.errors.size(), 1);
  EXPECT_EQ(page.errors[0].field, "ori\uFFFDgin");
  EXPECT_EQ(page.errors[0].value, "NLRT\uFFFD");
}

TEST_F(ForeignDataTest, AKeyDoesNotEndAtANul) {
  Fail("x", {});
  const BatchKey longer = {"acme", std::string("batch-1\0and more", 16)};
  EXPECT_EQ(ReasonOf(store_.Get(longer, Soon()).status()), reasons::kBatchNotFound);
  const BatchKey other = {std::string("acme\0corp", 9), "batch-1"};
  EXPECT_EQ(ReasonOf(store_.Get(other, Soon()).status()), reasons::kBatchNotFound);
}

TEST_F(ForeignDataTest, CursorsOfAnySizeAreAnswered) {
  Fail("x", {RowError{.row_index = 3, .field = "price", .value = "0"}});
  using Limits = std::numeric_limits<int64_t>;
  const auto errors = [this](int64_t after) {
    const auto page = store_.ListErrors(kForeignBatch, after, 10, Soon());
    FAIRWAY_EXPECT_OK(page);
    return page.ok() ? page->errors.size() : 99;
  };
  EXPECT_EQ(errors(Limits::max()), 0);
  EXPECT_EQ(errors(Limits::min()), 1);
  const auto batches = [this](int64_t after) {
    const auto page = store_.List({}, after, 10, Soon());
    FAIRWAY_EXPECT_OK(page);
    return page.ok() ? page->batches.size() : 99;
  };
  EXPECT_EQ(batches(Limits::max()), 1);
  EXPECT_EQ(batches(Limits::min()), 0);
}

TEST_F(ForeignDataTest, WhatALaterReleaseWroteIsAnError) {
  Fail("x", {RowError{.row_index = 3, .field = "price", .value = "0"}});
  Execute(database_.options(), "UPDATE fairway.batch_errors SET reason = 'NOT_INVENTED_YET'");
  const absl::Status unknown_reason =
      store_.ListErrors(kForeignBatch, std::nullopt, 10, Soon()).status();
  EXPECT_THAT(unknown_reason, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(CauseOf(unknown_reason), HasSubstr("NOT_INVENTED_YET"));
  Execute(database_.options(),
          "ALTER TABLE fairway.batches DROP CONSTRAINT batches_state_check;"
          "UPDATE fairway.batches SET state = 'ARCHIVED'");
  for (const absl::Status& status : {store_.Get(kForeignBatch, Soon()).status(),
                                     store_.List({}, std::nullopt, 10, Soon()).status(),
                                     store_.Claim(kForeignBatch, "", Soon()).status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
    EXPECT_THAT(CauseOf(status), HasSubstr("ARCHIVED"));
  }
  EXPECT_EQ(testing::QueryInt(database_.options(), "SELECT count(*) FROM fairway.batches"), 1);
}

}  // namespace
}  // namespace fairway
