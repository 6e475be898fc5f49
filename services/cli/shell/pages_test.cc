#include "services/cli/shell/pages.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::cli {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

TEST(PageGuardTest, BoundsEveryListing) {
  PageGuard endless("locations", 1'000'000);
  FAIRWAY_EXPECT_OK(endless.Add(1, 10, "a"));
  FAIRWAY_EXPECT_OK(endless.Add(1, 10, "b"));
  EXPECT_THAT(endless.Add(1, 10, "b"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("the same page token twice")));
  PageGuard rows("locations", 10);
  FAIRWAY_EXPECT_OK(rows.Add(10, 10, "a"));
  EXPECT_THAT(rows.Add(1, 10, ""),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 10 rows")));
  PageGuard bytes("errors", 10);
  EXPECT_THAT(bytes.Add(1, 1 << 30, ""),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 256 MiB")));
  PageGuard empty("errors", 10);
  absl::Status status;
  for (int i = 0; status.ok() && i < 20'000; ++i) status = empty.Add(0, 2, i % 2 == 0 ? "a" : "b");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, HasSubstr("pages")));
}

TEST(PageGuardTest, ItsBoundsAreExact) {
  PageGuard pages("errors", 10);
  for (int i = 0; i < 10'000; ++i) FAIRWAY_ASSERT_OK(pages.Add(0, 0, i % 2 == 0 ? "a" : "b")) << i;
  EXPECT_THAT(pages.Add(0, 0, ""),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 10000 pages")));
  PageGuard bytes("errors", 10);
  FAIRWAY_EXPECT_OK(bytes.Add(1, 256 << 20, "a"));
  EXPECT_THAT(bytes.Add(1, 1, "b"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("more than 256 MiB")));
}

}  // namespace
}  // namespace fairway::cli
