#include "services/ingest/upload_stream.h"

#include <deque>
#include <string>

#include "fairway/v1/price_ingest_service.pb.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
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

class UploadStreamTest : public ::testing::Test {
 protected:
  // Rows read up to the end or the failure.
  absl::StatusOr<size_t> ReadAll() {
    size_t rows = 0;
    while (true) {
      const absl::StatusOr<const RawBlock*> block = stream_.Next();
      if (!block.ok()) return block.status();
      if (*block == nullptr) return rows;
      rows += std::get<RawRows>(**block).size();
    }
  }
  absl::Duration waited() const { return clock_.Now() - start_; }

  const absl::Time start_ = absl::UnixEpoch();
  FakeClock clock_{start_};
  FakeMessages messages_{&clock_};
  bool wanted_ = false;
  UploadStream stream_{&messages_, &clock_, start_ + absl::Minutes(30), [this] { return wanted_; }};
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
  EXPECT_EQ(ReasonOf(ReadAll().status()), "INVALID_REQUEST");
}

TEST_F(UploadStreamTest, AnEndWithoutACloseTimesOut) {
  messages_.Add(absl::ZeroDuration(), End());
  EXPECT_EQ(ReasonOf(ReadAll().status()), "UPLOAD_TIMED_OUT");
  EXPECT_EQ(waited(), limits::kUploadHeaderTimeMax);
}

TEST_F(UploadStreamTest, EmptyChunksAreNoProgress) {
  messages_.Add(absl::Seconds(100), Rows(1));
  for (int i = 0; i < 3; ++i) messages_.Add(absl::Seconds(50), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), "UPLOAD_TIMED_OUT");
  EXPECT_EQ(waited(), absl::Seconds(100) + limits::kUploadIdleTimeMax);
}

TEST_F(UploadStreamTest, AFloodOfEmptyChunksIsNoProgress) {
  for (int i = 0; i < 130'000; ++i) messages_.Add(absl::Milliseconds(1), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), "UPLOAD_TIMED_OUT");
  EXPECT_EQ(waited(), limits::kUploadIdleTimeMax);
}

TEST_F(UploadStreamTest, WithoutProgressItYieldsToWhoeverWaits) {
  wanted_ = true;
  messages_.Add(absl::Seconds(4), Rows(1));
  messages_.Add(absl::Seconds(4), Rows(1));
  for (int i = 0; i < 20; ++i) messages_.Add(absl::Seconds(1), Rows(0));
  EXPECT_EQ(ReasonOf(ReadAll().status()), "OVERLOADED");
  EXPECT_EQ(waited(), absl::Seconds(13));
}

TEST_F(UploadStreamTest, TheDeadlineEndsEvenWhatMakesProgress) {
  for (int i = 0; i < 40; ++i) messages_.Add(absl::Minutes(1), Rows(1));
  EXPECT_EQ(ReasonOf(ReadAll().status()), "UPLOAD_TIMED_OUT");
  EXPECT_EQ(waited(), absl::Minutes(30));
}

}  // namespace
}  // namespace fairway::ingest
