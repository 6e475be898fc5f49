#include "services/cli/transfer/object_source.h"

#include "gtest/gtest.h"

#include "services/cli/shell/exit_code.h"

namespace fairway::cli {
namespace {

TEST(ObjectErrorTest, KeepsRetryableErrors) {
  EXPECT_TRUE(IsRetryable(ObjectError(absl::UnavailableError("S3 is away"))));
  EXPECT_EQ(ExitCodeOf(ObjectError(absl::UnavailableError("S3 is away"))), ExitCode::kUnavailable);
  EXPECT_FALSE(IsRetryable(ObjectError(absl::NotFoundError("no such object"))));
  EXPECT_EQ(ExitCodeOf(ObjectError(absl::NotFoundError("no such object"))), ExitCode::kFile);
}

}  // namespace
}  // namespace fairway::cli
