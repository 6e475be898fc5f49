#include "libs/rpc/server/server.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/rpc/server/testing/server_fixture.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;
using ServerTest = ServerFixture;

TEST_F(ServerTest, ACompressedMessageIsRefusedBeforeItIsUnpacked) {
  service_.on_get_batch = [](const Call&) { return absl::OkStatus(); };
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::GetBatchRequest request;
  request.set_batch_id(std::string(size_t{8} << 20, 'x'));  // A few KB on the wire.
  v1::GetBatchResponse response;
  EXPECT_THAT(FromGrpcStatus(stub_->GetBatch(&context, request, &response)),
              testing::StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("ompress")));
  FAIRWAY_EXPECT_OK(GetBatch()) << "others go on";
}

TEST_F(ServerTest, ShutdownWaitsForCallsThatRun) {
  absl::Notification entered;
  absl::Notification go;
  service_.on_get_batch = [&](const Call&) {
    entered.Notify();
    go.WaitForNotification();
    return absl::OkStatus();
  };
  absl::Status status = absl::UnknownError("not answered");
  std::thread caller([&] { status = GetBatch(); });
  entered.WaitForNotification();
  std::thread stopper([&] { server_->Shutdown(absl::Seconds(60)); });
  go.Notify();
  caller.join();
  stopper.join();
  FAIRWAY_EXPECT_OK(status);
}

TEST_F(ServerTest, ThePulseBeats) {
  EXPECT_TRUE(Eventually([&] { return server_->pulse_beats() >= 2; }));
}

TEST_F(ServerTest, AnAddressInUseIsReported) {
  TestService other;
  EXPECT_THAT(Server::Start({.address = absl::StrCat("127.0.0.1:", server_->port())}, &other, "x"),
              testing::StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen")));
}

}  // namespace
}  // namespace fairway::rpc
