#include "services/cli/shell/service_channel.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string MessageFor(grpc::StatusCode code, const std::string& message) {
  return ExplainStatus({code, message}, {"fairway-query", "db7:50051"}).error_message();
}

TEST(ExplainStatusTest, NamesTheServiceAndItsAddress) {
  constexpr auto kUnavailable = grpc::StatusCode::UNAVAILABLE;
  EXPECT_EQ(MessageFor(kUnavailable,
                       "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: "
                       "Failed to connect to remote host: Connection refused"),
            "fairway-query cannot be reached at db7:50051: connection refused");
  EXPECT_EQ(MessageFor(kUnavailable,
                       "DNS resolution failed for db7:50051: C-ares status is not ARES_SUCCESS"),
            "fairway-query cannot be reached at db7:50051: unknown host name");
  EXPECT_EQ(MessageFor(kUnavailable, "Socket closed"),
            "fairway-query cannot be reached at db7:50051: connection lost");
  EXPECT_EQ(MessageFor(kUnavailable,
                       "connections to all backends failing; last error: UNKNOWN: "
                       "ipv4:127.0.0.1:9464: Trying to connect an http1.x server"),
            "fairway-query cannot be reached at db7:50051: the server there does not speak gRPC");
  EXPECT_THAT(MessageFor(kUnavailable, "something new"), HasSubstr("db7:50051: something new"));
}

TEST(ExplainStatusTest, ExplainsOtherFailuresOfGrpc) {
  EXPECT_THAT(MessageFor(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"),
              AllOf(HasSubstr("fairway-query at db7:50051"), HasSubstr("--timeout")));
  EXPECT_THAT(MessageFor(grpc::StatusCode::CANCELLED, "CANCELLED"),
              HasSubstr("cancelled the call before it answered"));
  EXPECT_THAT(MessageFor(grpc::StatusCode::UNIMPLEMENTED, ""),
              HasSubstr("the server at db7:50051 is not fairway-query"));
  EXPECT_EQ(MessageFor(grpc::StatusCode::RESOURCE_EXHAUSTED, "RST_STREAM"), "RST_STREAM");
  EXPECT_TRUE(ExplainStatus(grpc::Status::OK, {}).ok());
}

TEST(ExplainStatusTest, KeepsTheErrorsOfServices) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "draining", "details");
  EXPECT_EQ(ExplainStatus(status, {"fairway-query", "a:1"}).error_message(), "draining");
  EXPECT_EQ(ExplainStatus(status, {"fairway-query", "a:1"}).error_details(), "details");
}

}  // namespace
}  // namespace fairway::cli
