#include "libs/object_store/range_reader.h"

#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/http/testing/fake_client.h"

namespace fairway::object_store {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

class AnyCredentials final : public CredentialsProvider {
 public:
  absl::StatusOr<Credentials> Get(const std::stop_token&) override { return Credentials{}; }
  void Forget() override {}
};

// Serves ranges of a text.
http::Response Serve(const http::Request& request, const std::string& content) {
  size_t first = 0;
  size_t last = 0;
  EXPECT_EQ(std::sscanf(http::FakeClient::HeaderOf(request, "Range").c_str(), "bytes=%zu-%zu",
                        &first, &last),
            2);
  EXPECT_LT(last, content.size());
  return {.status = 206, .body = content.substr(first, last - first + 1)};
}

class RangeReaderTest : public ::testing::Test {
 protected:
  std::unique_ptr<RangeReader> Read(int64_t range_bytes) {
    return std::make_unique<RangeReader>(
        &client_, ObjectAddress{.bucket = "prices", .key = "a"},
        ObjectInfo{.size = static_cast<int64_t>(content_.size()), .etag = "\"e\""}, range_bytes);
  }
  static absl::StatusOr<std::string> ReadAll(RangeReader& reader) {
    std::string all;
    while (true) {
      ASSIGN_OR_RETURN(const std::string range, reader.Next());
      if (range.empty()) return all;
      all += range;
    }
  }

  std::string content_ = "0123456789";
  http::FakeClient::Answer answer_ = [this](const http::Request& request, int) {
    return Serve(request, content_);
  };
  http::FakeClient http_{
      [this](const http::Request& request, int number) { return answer_(request, number); }};
  AnyCredentials credentials_;
  S3Client client_{Endpoint{.region = "r", .url = "http://store"},
                   &http_,
                   &credentials_,
                   {.first_pause = absl::Milliseconds(1), .longest_pause = absl::Milliseconds(2)}};
};

TEST_F(RangeReaderTest, RangesMakeTheWhole) {
  for (const int64_t range_bytes : {1, 3, 5, 9, 10, 11}) {
    EXPECT_THAT(ReadAll(*Read(range_bytes)), IsOkAndHolds(content_)) << range_bytes;
  }
  EXPECT_THAT(Read(10)->Next(), IsOkAndHolds("0123456789"));
}

TEST_F(RangeReaderTest, AnEmptyObjectIsNotAskedFor) {
  content_.clear();
  EXPECT_THAT(Read(3)->Next(), IsOkAndHolds(""));
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(RangeReaderTest, ReadsOneRangeAheadAndNoMore) {
  const auto reader = Read(2);
  FAIRWAY_EXPECT_OK(reader->Next());
  FAIRWAY_EXPECT_OK(reader->Next());
  // The third is on its way, or there; the fourth waits to be wanted.
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_LE(http_.requests().size(), 3);
}

TEST_F(RangeReaderTest, CutConnectionsCostARange) {
  const auto seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::minstd_rand random(seed);
  content_ = std::string(10'000, 'x');
  for (char& c : content_) c = static_cast<char>('a' + random() % 26);
  answer_ = [&](const http::Request& request, int number) -> absl::StatusOr<http::Response> {
    if (number % 3 < 2) return absl::UnavailableError("cut");
    return Serve(request, content_);
  };
  EXPECT_THAT(ReadAll(*Read(997)), IsOkAndHolds(content_));
  EXPECT_EQ(http_.requests().size(), 33);
}

TEST_F(RangeReaderTest, AnObjectThatIsReplacedIsNotMixedWithItsSuccessor) {
  answer_ = [&](const http::Request& request, int number) {
    return number == 0 ? Serve(request, content_) : http::Response{.status = 412};
  };
  EXPECT_THAT(ReadAll(*Read(3)), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(RangeReaderTest, NothingIsReadBehindAFailure) {
  answer_ = [&](const http::Request& request, int number) {
    return number == 0 ? Serve(request, content_) : http::Response{.status = 412};
  };
  const auto reader = Read(3);
  FAIRWAY_EXPECT_OK(reader->Next());
  EXPECT_THAT(reader->Next(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(reader->Next(), IsOkAndHolds(""));
  EXPECT_EQ(http_.requests().size(), 2);
}

TEST_F(RangeReaderTest, GivingUpDoesNotWaitForRetries) {
  answer_ = [](const http::Request&, int) { return absl::UnavailableError("away"); };
  S3Client patient(Endpoint{.region = "r", .url = "http://store"}, &http_, &credentials_,
                   {.first_pause = absl::Hours(1), .longest_pause = absl::Hours(1)});
  const absl::Time start = absl::Now();
  { const RangeReader reader(&patient, {}, {.size = 10}, 3); }
  EXPECT_LT(absl::Now() - start, absl::Seconds(60));
}

}  // namespace
}  // namespace fairway::object_store
