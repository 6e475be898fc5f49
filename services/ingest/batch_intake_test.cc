#include "services/ingest/batch_intake.h"

#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

// Keeps how many rows came, and fails when it should.
class CountingSink final : public RunSink {
 public:
  absl::Status Take(SeriesRunBuilder& builder) override {
    SeriesRun run;
    builder.TakeInto(run);
    rows += run.row_count();
    ++runs;
    return status;
  }
  size_t rows = 0;
  int runs = 0;
  absl::Status status;
};

class BatchIntakeTest : public ::testing::Test {
 protected:
  BatchIntakeTest() {
    std::vector<Port> ports;
    for (const char* code : {"AAAAA", "BBBBB", "CCCCC"}) {
      ports.push_back({.id = static_cast<PortId>(ports.size() + 1),
                       .code = *PortCode::Parse(code),
                       .name = code,
                       .parent = "world"});
    }
    tree_ = std::make_shared<LocationTree>(
        LocationTree::Build({{"world", "World", std::nullopt}}, std::move(ports)).value());
  }

  std::shared_ptr<const LocationTree> tree_;
  CountingSink sink_;
};

TEST_F(BatchIntakeTest, RowsAndColumnsAreTheSameBatch) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::vector<absl::string_view> ports = {"AAAAA", "BBBBB", "CCCCC"};
  std::vector<uint32_t> origins, destinations;
  std::vector<int32_t> days;
  std::vector<int64_t> prices;
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) {
    origins.push_back(random() % 3);
    destinations.push_back(random() % 3);
    days.push_back(DayNumber(kDayMin) + static_cast<int32_t>(random() % 40'000));
    prices.push_back(1 + random() % limits::kPriceMax);
    texts.push_back(FormatDay(DayFromNumber(days.back())));
  }
  std::vector<RawPrice> rows;
  for (size_t i = 0; i < prices.size(); ++i) {
    rows.push_back({ports[origins[i]], ports[destinations[i]], texts[i], prices[i]});
  }
  BatchIntake as_rows(tree_, &sink_);
  FAIRWAY_ASSERT_OK(as_rows.Add(RawRows(rows)));
  BatchIntake as_columns(tree_, nullptr);
  FAIRWAY_ASSERT_OK(as_columns.Add(RawColumns{.ports = ports,
                                              .origins = origins,
                                              .destinations = destinations,
                                              .day_numbers = days,
                                              .prices = prices}));
  EXPECT_EQ(as_rows.content(), as_columns.content());
  EXPECT_TRUE(as_rows.errors().empty() && as_columns.errors().empty());
  FAIRWAY_ASSERT_OK(as_rows.Finish());
  EXPECT_EQ(sink_.rows, 1000);
}

TEST_F(BatchIntakeTest, ColumnsTellWhatIsWrongLikeRows) {
  BatchIntake intake(tree_, &sink_);
  const std::vector<absl::string_view> ports = {"AAAAA", "ZZZZZ", ""};
  FAIRWAY_ASSERT_OK(intake.Add(RawColumns{.ports = ports,
                                          .origins = {0, 1, 2},
                                          .destinations = {0, 0, 0},
                                          .day_numbers = {18'628, 18'628, 1},
                                          .prices = {1, 0, 1}}));
  const RowErrorSummary& errors = intake.errors().summary();
  EXPECT_EQ(errors.bad_row_count, 2);
  ASSERT_EQ(errors.first_errors.size(), 4);
  EXPECT_EQ(errors.first_errors[0], (RowError{1, "origin", RowErrorReason::kUnknownPort, "ZZZZZ"}));
  EXPECT_EQ(errors.first_errors[1], (RowError{1, "price", RowErrorReason::kPriceOutOfRange, "0"}));
  EXPECT_EQ(errors.first_errors[2], (RowError{2, "origin", RowErrorReason::kMissingField, ""}));
  EXPECT_EQ(errors.first_errors[3],
            (RowError{2, "day", RowErrorReason::kDateOutOfRange, "1970-01-02"}));
  FAIRWAY_ASSERT_OK(intake.Finish());
  EXPECT_EQ(sink_.runs, 0) << "a bad batch is not stored";
}

TEST_F(BatchIntakeTest, ChunksThatMakeNoSenseEndTheUpload) {
  BatchIntake intake(tree_, &sink_);
  const std::vector<uint32_t> zero = {0};
  const std::vector<uint32_t> one = {1};
  const std::vector<int32_t> days = {18'628};
  const std::vector<int64_t> prices = {1};
  const std::vector<absl::string_view> ports = {"AAAAA", "\xCD"};
  RawColumns columns{.ports = absl::MakeSpan(ports).first(1),
                     .origins = zero,
                     .destinations = one,
                     .day_numbers = days,
                     .prices = prices};
  EXPECT_EQ(ReasonOf(intake.Add(columns)), reasons::kInvalidRequest) << "an index beyond the ports";
  std::swap(columns.origins, columns.destinations);
  EXPECT_EQ(ReasonOf(intake.Add(columns)), reasons::kInvalidRequest) << "of either end";
  columns.ports = ports;
  columns.origins = columns.destinations = zero;
  EXPECT_EQ(ReasonOf(intake.Add(columns)), reasons::kInvalidRequest) << "a port that is not UTF-8";
  for (const RawPrice& row : {RawPrice{"AAAAA", "NLRT\xCD", "2021-01-01", 1},
                              RawPrice{"\xED\xA0\x80", "AAAAA", "2021-01-01", 1},
                              RawPrice{"AAAAA", "AAAAA", "2021-01-0\xFF", 1}}) {
    EXPECT_EQ(ReasonOf(intake.Add(RawRows({row}))), reasons::kInvalidRequest);
  }
}

TEST_F(BatchIntakeTest, DaysAndPricesEndWhereTheContractSays) {
  struct Case {
    Day day;
    int64_t price;
    bool is_good;
  };
  const std::chrono::days one(1);
  const std::vector<absl::string_view> ports = {"AAAAA", "BBBBB"};
  const std::vector<uint32_t> origins = {0};
  const std::vector<uint32_t> destinations = {1};
  for (const Case& c :
       {Case{kDayMin, 1, true}, Case{kDayMax, 10'000'000, true}, Case{kDayMin - one, 1, false},
        Case{kDayMax + one, 1, false}, Case{kDayMin, 0, false}, Case{kDayMin, 10'000'001, false},
        Case{kDayMin, (int64_t{1} << 32) + 1, false}, Case{kDayMin, -1, false}}) {
    const std::string text = FormatDay(c.day);
    BatchIntake as_row(tree_, nullptr);
    FAIRWAY_ASSERT_OK(as_row.Add(RawRows({RawPrice{"AAAAA", "BBBBB", text, c.price}})));
    EXPECT_EQ(as_row.errors().empty(), c.is_good) << text << " " << c.price;
    const std::vector<int32_t> days = {DayNumber(c.day)};
    const std::vector<int64_t> prices = {c.price};
    BatchIntake as_column(tree_, nullptr);
    FAIRWAY_ASSERT_OK(as_column.Add(RawColumns{.ports = ports,
                                               .origins = origins,
                                               .destinations = destinations,
                                               .day_numbers = days,
                                               .prices = prices}));
    EXPECT_EQ(as_column.errors().empty(), c.is_good) << text << " " << c.price;
  }
}

TEST_F(BatchIntakeTest, EachKindOfRowCountsAgainstTheLimit) {
  const std::vector<RawPrice> rows(3, {"AAAAA", "BBBBB", "2021-01-01", 5});
  const std::vector<absl::string_view> ports = {"AAAAA"};
  const std::vector<uint32_t> zeros(3);
  const std::vector<int32_t> days(3, 18'628);
  const std::vector<int64_t> prices(3, 5);
  const std::vector<RawRowError> errors = {{"price", RowErrorReason::kNotANumber, "n/a"}};
  const RawColumns columns = {.ports = ports,
                              .origins = zeros,
                              .destinations = zeros,
                              .day_numbers = days,
                              .prices = prices};
  const RawBlock blocks[] = {RawRows(rows), columns, RawRejectedRow{.errors = errors}};
  for (const RawBlock& block : blocks) {
    BatchIntake intake(tree_, nullptr, /*rows_max=*/6);
    FAIRWAY_EXPECT_OK(intake.Add(RawRows(rows)));
    const bool is_one = std::holds_alternative<RawRejectedRow>(block);
    for (int i = 0; i < (is_one ? 3 : 1); ++i) FAIRWAY_EXPECT_OK(intake.Add(block));
    EXPECT_EQ(intake.content().row_count, 6);
    EXPECT_EQ(ReasonOf(intake.Add(block)), reasons::kTooManyRows);
  }
}

// The ports of a chunk are looked up with its first block, and not again.
TEST_F(BatchIntakeTest, EachChunkOfColumnsHasItsOwnPorts) {
  BatchIntake intake(tree_, nullptr);
  const std::vector<uint32_t> origins = {0};
  const std::vector<uint32_t> destinations = {1};
  const std::vector<int32_t> days = {18'628};
  const std::vector<int64_t> prices = {5};
  RawColumns columns{
      .origins = origins, .destinations = destinations, .day_numbers = days, .prices = prices};
  BatchIntake expected(tree_, nullptr);
  const std::vector<absl::string_view> chunks[] = {{"AAAAA", "BBBBB"}, {"CCCCC", "AAAAA"}};
  for (const std::vector<absl::string_view>& ports : chunks) {
    columns.ports = ports;
    for (size_t block = 0; block < 2; ++block) {
      columns.first_row = block;
      FAIRWAY_ASSERT_OK(intake.Add(columns));
      FAIRWAY_ASSERT_OK(expected.Add(RawRows({RawPrice{ports[0], ports[1], "2021-01-01", 5}})));
    }
  }
  EXPECT_EQ(intake.content(), expected.content());
}

TEST_F(BatchIntakeTest, RejectedRowsAreCountedAndCheckedAsFarAsTheyCanBeRead) {
  BatchIntake intake(tree_, &sink_);
  const std::vector<RawPrice> good = {{"AAAAA", "BBBBB", "2021-01-01", 5}};
  const std::vector<RawRowError> not_a_number = {{"price", RowErrorReason::kNotANumber, "n/a"}};
  FAIRWAY_ASSERT_OK(intake.Add(RawRows(good)));
  FAIRWAY_ASSERT_OK(intake.Add(RawRejectedRow{.errors = not_a_number}));
  FAIRWAY_ASSERT_OK(intake.Add(RawRejectedRow{
      .readable = {"AAAAA", "ZZZZZ", "2021-06-31", 10'000'001}, .errors = not_a_number}));
  FAIRWAY_ASSERT_OK(intake.Add(RawRows(good)));
  const RowErrorSummary& errors = intake.errors().summary();
  EXPECT_EQ(intake.content().row_count, 4);
  EXPECT_EQ(errors.bad_row_count, 2);
  EXPECT_EQ(errors.first_errors,
            (std::vector<RowError>{{1, "price", RowErrorReason::kNotANumber, "n/a"},
                                   {2, "price", RowErrorReason::kNotANumber, "n/a"},
                                   {2, "destination", RowErrorReason::kUnknownPort, "ZZZZZ"},
                                   {2, "day", RowErrorReason::kBadDate, "2021-06-31"},
                                   {2, "price", RowErrorReason::kPriceOutOfRange, "10000001"}}));
  FAIRWAY_ASSERT_OK(intake.Finish());
  EXPECT_EQ(sink_.runs, 0);
}

TEST_F(BatchIntakeTest, FullRunsGoToTheSinkAndItsErrorsComeBack) {
  BatchIntake intake(tree_, &sink_);
  const std::vector<RawPrice> rows(100'000, {"AAAAA", "BBBBB", "2021-01-01", 5});
  FAIRWAY_ASSERT_OK(intake.Add(RawRows(rows)));
  EXPECT_EQ(sink_.runs, 0);
  FAIRWAY_ASSERT_OK(intake.Add(RawRows(rows)));
  EXPECT_EQ(sink_.runs, 1);
  sink_.status = DatabaseUnavailableError("a test");
  EXPECT_EQ(ReasonOf(intake.Finish()), reasons::kDatabaseUnavailable);
  EXPECT_EQ(sink_.rows, 200'000);
}

TEST_F(BatchIntakeTest, WithoutRowsNothingGoesToTheSink) {
  BatchIntake intake(tree_, &sink_);
  FAIRWAY_ASSERT_OK(intake.Finish());
  EXPECT_EQ(sink_.runs, 0);
}

TEST_F(BatchIntakeTest, NothingIsStoredFromTheFirstBadRowOn) {
  BatchIntake intake(tree_, &sink_);
  FAIRWAY_ASSERT_OK(intake.Add(RawRows({RawPrice{"AAAAA", "BBBBB", "2021-01-01", 0}})));
  const std::vector<RawPrice> rows(200'000, {"AAAAA", "BBBBB", "2021-01-01", 5});
  FAIRWAY_ASSERT_OK(intake.Add(RawRows(rows)));
  EXPECT_EQ(sink_.runs, 0);
  EXPECT_EQ(intake.content().row_count, 200'001);
  EXPECT_EQ(intake.content().digest, "") << "it is of no use";
}

TEST_F(BatchIntakeTest, ItsDaysAreTheFirstAndTheLastInAnyOrder) {
  BatchIntake intake(tree_, nullptr);
  for (const char* day : {"2021-01-05", "2021-01-02", "2021-01-09", "2021-01-03"}) {
    FAIRWAY_ASSERT_OK(intake.Add(RawRows({RawPrice{"AAAAA", "BBBBB", day, 5}})));
  }
  ASSERT_TRUE(intake.content().days.has_value());
  EXPECT_EQ(FormatDay(intake.content().days->first), "2021-01-02");
  EXPECT_EQ(FormatDay(intake.content().days->last), "2021-01-09");
}

TEST_F(BatchIntakeTest, AnIndexBeyondThePortsIsNamedByItsRow) {
  BatchIntake intake(tree_, nullptr);
  const std::vector<absl::string_view> ports = {"AAAAA"};
  const std::vector<uint32_t> zeros = {0, 0};
  const std::vector<uint32_t> beyond = {0, 1};
  const std::vector<int32_t> days(2, 18'628);
  const std::vector<int64_t> prices(2, 5);
  RawColumns columns{.ports = ports,
                     .origins = zeros,
                     .destinations = zeros,
                     .day_numbers = days,
                     .prices = prices};
  FAIRWAY_ASSERT_OK(intake.Add(columns));
  columns.first_row = 1'024;
  columns.origins = beyond;
  EXPECT_THAT(std::string(intake.Add(columns).message()), ::testing::HasSubstr("row 1025"));
}

}  // namespace
}  // namespace fairway::ingest
