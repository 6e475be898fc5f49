#include "libs/rpc/server/server_fault.h"

#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"

namespace fairway::rpc {
namespace {

TEST(ServerFaultTest, IsWhatTheServiceIsToBlameFor) {
  for (const absl::Status& status :
       {absl::InternalError("x"), absl::UnknownError("x"), absl::DataLossError("x"),
        absl::UnavailableError("x"), absl::ResourceExhaustedError("x"),
        MakeError(absl::StatusCode::kResourceExhausted, "x", {.reason = "RESOURCE_EXHAUSTED"}),
        DatabaseUnavailableError("x")}) {
    EXPECT_TRUE(IsServerFault(status, false)) << status;
  }
  EXPECT_TRUE(IsServerFault(DeadlineExceededError(), true));
}

TEST(ServerFaultTest, IsNotWhatClientsBringAbout) {
  for (const absl::Status& status :
       {absl::OkStatus(), CancelledError(), DeadlineExceededError(), OverloadedError("x"),
        DrainingError(), VersionNotYetVisibleError(9, 7), VersionUnknownError(9, 7),
        InvalidPageTokenError(), LocationNotFoundError("x"), NotImplementedError("x")}) {
    EXPECT_FALSE(IsServerFault(status, false)) << status;
  }
  EXPECT_FALSE(IsServerFault(CancelledError(), true));
}

}  // namespace
}  // namespace fairway::rpc
