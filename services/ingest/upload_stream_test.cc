#include "services/ingest/upload_stream.h"

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "fairway/v1/price_ingest_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

// Messages, each some time after the one before. Then it is silent, or closed.
class FakeMessages final : public MessageSource {
 public:
  explicit FakeMessages(FakeClock* clock) : clock_(clock) {}

  void Add(absl::Duration after, const v1::UploadBatchRequest& message) {
    messages_.emplace_back(after, message.SerializeAsString());
  }

  absl::StatusOr<std::optional<absl::string_view>> Next(absl::Time deadline) override {
    const absl::Duration left = deadline - clock_->Now();
    if (messages_.empty() && closed) return std::nullopt;
    if (messages_.empty() || messages_.front().first > left) {
      if (!messages_.empty()) messages_.front().first -= left;
      clock_->Advance(left);
      return DeadlineExceededError();
    }
    clock_->Advance(messages_.front().first);
    current_ = messages_.front().second;
    messages_.pop_front();
    return current_;
  }

  bool closed = false;

 private:
  FakeClock* const clock_;
  std::deque<std::pair<absl::Duration, std::string>> messages_;
  std::string current_;
};

v1::UploadBatchRequest Rows(int count) {
  v1::UploadBatchRequest request;
  request.mutable_chunk()->mutable_rows();
  for (int i = 0; i < count; ++i) request.mutable_chunk()->mutable_rows()->add_prices();
  return request;
}

v1::UploadBatchRequest End() {
  v1::UploadBatchRequest request;
  request.mutable_end();
  return request;
}

v1::UploadBatchRequest BadRow() {
  v1::UploadBatchRequest request;
  v1::RejectedRow& row = *request.mutable_chunk()->add_rejected_rows();
  v1::RowError& error = *row.add_errors();
  error.set_field("price");
  error.set_reason(v1::ROW_ERROR_REASON_NOT_A_NUMBER);
  return request;
}

class UploadStreamTest : public ::testing::Test {
 protected:
  // Rows read up to the end or the failure. Each block takes its reader so long.
  absl::StatusOr<size_t> ReadAll(absl::Duration reader_takes = absl::ZeroDuration()) {
    size_t rows = 0;
    while (true) {
      const absl::StatusOr<const RawBlock*> block = stream_.Next();
      if (!block.ok()) return block.status();
      if (*block == nullptr) return rows;
      const auto* const some = std::get_if<RawRows>(*block);
      rows += some != nullptr ? some->size() : 1;
      clock_.Advance(reader_takes);
    }
  }
  absl::Duration waited() const { return clock_.Now() - start_; }

  const absl::Time start_ = absl::UnixEpoch();
  FakeClock clock_{start_};
  FakeMessages messages_{&clock_};
  bool wanted_ = false;
  std::function<bool()> on_look_ = [this] { return wanted_; };
  UploadStream stream_{&messages_, &clock_, start_ + absl::Minutes(30),
                       [this] { return on_look_(); }};
};

TEST_F(UploadStreamTest, ReadsToTheEndAndTheClose) {
  messages_.Add(absl::Seconds(100), Rows(2));
  messages_.Add(absl::Seconds(119), Rows(3));
  messages_.Add(absl::Seconds(119), End());
  messages_.closed = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const size_t rows, ReadAll());
  EXPECT_EQ(rows, 5);
  EXPECT_TRUE(stream_.end().has_value());
}

TEST_F(UploadStreamTest, SilenceLeavesNoEnd) {
  messages_.Add(absl::ZeroDuration(), Rows(2));
  messages_.closed = true;
  FAIRWAY_EXPECT_OK(ReadAll());
  EXPECT_FALSE(stream_.end().has_value());
}

TEST_F(UploadStreamTest, NothingMayFollowTheEnd) {
  messages_.Add(absl::ZeroDuration(), End());
  messages_.Add(absl::Seconds(4), Rows(1));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kInvalidRequest);
}

TEST_F(UploadStreamTest, AnEndWithoutACloseTimesOut) {
  messages_.Add(absl::ZeroDuration(), End());
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kUploadTimedOut);
  EXPECT_EQ(waited(), limits::kUploadHeaderTimeMax);
}

TEST_F(UploadStreamTest, EmptyChunksAreNoProgress) {
  messages_.Add(absl::Seconds(100), Rows(1));
  for (int i = 0; i < 3; ++i) messages_.Add(absl::Seconds(50), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kUploadTimedOut);
  EXPECT_EQ(waited(), absl::Seconds(100) + limits::kUploadIdleTimeMax);
}

TEST_F(UploadStreamTest, AFloodOfEmptyChunksIsNoProgress) {
  for (int i = 0; i < 130'000; ++i) messages_.Add(absl::Milliseconds(1), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kUploadTimedOut);
  EXPECT_EQ(waited(), limits::kUploadIdleTimeMax);
}

TEST_F(UploadStreamTest, ATrickleOfRowsYieldsToThoseThatWait) {
  wanted_ = true;
  for (int i = 0; i < 20; ++i) messages_.Add(absl::Seconds(3), Rows(1));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_EQ(waited(), absl::Seconds(5) + absl::Milliseconds(1));
}

TEST_F(UploadStreamTest, ATrickleOfBadRowsIsNoFaster) {
  wanted_ = true;
  for (int i = 0; i < 20; ++i) messages_.Add(absl::Seconds(3), BadRow());
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_EQ(waited(), absl::Seconds(5) + absl::Milliseconds(1));
}

TEST_F(UploadStreamTest, AHundredRowsASecondAreTooFew) {
  wanted_ = true;
  for (int i = 0; i < 1'000; ++i) messages_.Add(absl::Milliseconds(10), Rows(1));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_LT(waited(), absl::Seconds(6));
}

TEST_F(UploadStreamTest, ABurstEarnsNoMoreThanTheCredit) {
  wanted_ = true;
  messages_.Add(absl::Seconds(1), Rows(100'000));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_EQ(waited(), absl::Seconds(6)) << "as does a message that never becomes whole";
}

TEST_F(UploadStreamTest, EmptyChunksEarnNothing) {
  wanted_ = true;
  for (int i = 0; i < 100'000; ++i) messages_.Add(absl::Milliseconds(1), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_EQ(waited(), absl::Seconds(5));
}

TEST_F(UploadStreamTest, ATrickleGoesOnUntilSomebodyWaits) {
  for (int i = 0; i < 20; ++i) messages_.Add(absl::Seconds(3), Rows(1));
  int looks = 0;
  on_look_ = [&] {
    ++looks;
    return waited() >= absl::Seconds(31);
  };
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_LE(waited(), absl::Seconds(32)) << "looks once a second";
  EXPECT_LE(looks, 28);
}

TEST_F(UploadStreamTest, ASteadyClientWithPausesKeepsItsPlace) {
  wanted_ = true;
  for (int i = 0; i < 100; ++i) {
    messages_.Add(absl::Milliseconds(4'900), Rows(2'000));
    messages_.Add(absl::Milliseconds(100), Rows(3'000));
  }
  messages_.Add(absl::ZeroDuration(), End());
  messages_.closed = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const size_t rows, ReadAll());
  EXPECT_EQ(rows, 500'000);
}

TEST_F(UploadStreamTest, ASlowReaderIsNotTheFaultOfTheClient) {
  wanted_ = true;
  for (int i = 0; i < 10; ++i) messages_.Add(absl::ZeroDuration(), Rows(1));
  messages_.Add(absl::ZeroDuration(), End());
  messages_.closed = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const size_t rows, ReadAll(/*reader_takes=*/absl::Minutes(1)));
  EXPECT_EQ(rows, 10);
}

// A slow beginning is not charged to what follows, and the close that follows an end is on its way.
TEST_F(UploadStreamTest, AnUploadThatHasSentItsEndKeepsItsPlaceAMoment) {
  messages_.Add(absl::Minutes(1), Rows(1));
  messages_.Add(absl::Minutes(1), End());
  on_look_ = [&] { return waited() >= absl::Minutes(2); };
  messages_.closed = true;
  FAIRWAY_EXPECT_OK(ReadAll());
}

TEST_F(UploadStreamTest, AnUploadThatIsNeverClosedYields) {
  messages_.Add(absl::Minutes(1), Rows(1));
  messages_.Add(absl::Minutes(1), End());
  on_look_ = [&] { return waited() >= absl::Minutes(2); };
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kOverloaded);
  EXPECT_EQ(waited(), absl::Minutes(2) + absl::Seconds(1));
}

TEST_F(UploadStreamTest, TheDeadlineEndsEvenWhatMakesProgress) {
  for (int i = 0; i < 40; ++i) messages_.Add(absl::Minutes(1), Rows(1));
  EXPECT_EQ(ReasonOf(ReadAll().status()), reasons::kUploadTimedOut);
  EXPECT_EQ(waited(), absl::Minutes(30));
}

TEST_F(UploadStreamTest, LooksOnceASecondWhateverComes) {
  int looks = 0;
  on_look_ = [&] {
    ++looks;
    return false;
  };
  for (int i = 0; i < 10'000; ++i) messages_.Add(absl::Milliseconds(1), Rows(0));
  messages_.closed = true;
  FAIRWAY_EXPECT_OK(ReadAll());
  EXPECT_LE(looks, 6) << "five seconds are its credit";
  EXPECT_GE(looks, 4);
}

TEST_F(UploadStreamTest, WhereBothLimitsMeetItIsSilence) {
  UploadStream stream(&messages_, &clock_, start_ + limits::kUploadIdleTimeMax,
                      [] { return false; });
  EXPECT_THAT(std::string(stream.Next().status().message()),
              ::testing::HasSubstr("no rows were sent for 2m"));
}

}  // namespace
}  // namespace fairway::ingest
