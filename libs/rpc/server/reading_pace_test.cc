#include "libs/rpc/server/reading_pace.h"

#include "gtest/gtest.h"

#include "libs/domain/server_limits.h"

namespace fairway::rpc {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'000'000);
constexpr size_t kSecondOfBytes = limits::kReadBytesPerSecondMin;

absl::Time At(double seconds) { return kStart + absl::Seconds(seconds); }

TEST(ReadingPace, WhoReadsAsFastAsHeMustIsNeverBehind) {
  ReadingPace pace;
  for (int i = 0; i < 100; ++i) {
    pace.WriteStarts(At(i), kSecondOfBytes);
    EXPECT_EQ(pace.BehindAt(At(i + 0.9)), absl::ZeroDuration());
    pace.WriteEnds(At(i + 1));
  }
}

TEST(ReadingPace, WhoReadsAMessageNowAndThenFallsBehind) {
  ReadingPace pace;
  for (int i = 0; i < 3; ++i) {
    pace.WriteStarts(At(i * 60), kSecondOfBytes);
    EXPECT_EQ(pace.unread_since(), At(i * 60));
    pace.WriteEnds(At((i + 1) * 60));
  }
  pace.WriteStarts(At(180), kSecondOfBytes);
  EXPECT_EQ(pace.BehindAt(At(180)), absl::Seconds(3 * 59 - 1));
}

TEST(ReadingPace, WhoReadNothingYetIsBehindByMoreThanItsBytesMayTake) {
  ReadingPace pace;
  pace.WriteStarts(At(0), 4 * kSecondOfBytes);
  EXPECT_EQ(pace.BehindAt(At(3)), absl::ZeroDuration());
  EXPECT_EQ(pace.BehindAt(At(10)), absl::Seconds(6));
}

TEST(ReadingPace, WaitingForNewsIsNotReadingSlowly) {
  ReadingPace pace;
  EXPECT_EQ(pace.BehindAt(At(0)), absl::ZeroDuration());
  pace.WriteStarts(At(0), 100);
  pace.WriteEnds(At(4));
  EXPECT_EQ(pace.BehindAt(At(3'600)), absl::ZeroDuration());
  EXPECT_EQ(pace.unread_since(), absl::InfiniteFuture());
  pace.WriteStarts(At(3'600), 100);
  EXPECT_EQ(pace.BehindAt(At(3'600)), absl::ZeroDuration()) << "it had time to catch up";
}

TEST(ReadingPace, AnEndWithoutAWriteIsNone) {
  ReadingPace pace;
  pace.WriteEnds(At(0));
  pace.WriteStarts(At(1), kSecondOfBytes);
  EXPECT_EQ(pace.BehindAt(At(2)), absl::ZeroDuration());
}

}  // namespace
}  // namespace fairway::rpc
