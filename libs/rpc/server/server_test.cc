#include "libs/rpc/server/server.h"

#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/net/listener.h"
#include "libs/rpc/server/testing/server_fixture.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;
using ServerTest = ServerFixture;

TEST_F(ServerTest, ACompressedMessageIsRefusedBeforeItIsUnpacked) {
  service_.on_get_batch = [](const Call&) { return absl::OkStatus(); };
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::GetBatchRequest request;
    request.set_batch_id(std::string(size_t{8} << 20, 'x'));  // A few KB on the wire.
    v1::GetBatchResponse response;
    EXPECT_THAT(FromGrpcStatus(stub_->GetBatch(&context, request, &response)),
                testing::StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("ompress")));
  }
  FAIRWAY_EXPECT_OK(GetBatch()) << "others go on";
}

TEST_F(ServerTest, AMessageMayHaveSoManyBytes) {
  service_.on_get_batch = [](const Call&) { return absl::OkStatus(); };
  v1::GetBatchRequest request;
  request.set_batch_id(std::string(1'000, 'x'));
  const auto bytes_max = static_cast<int>(request.ByteSizeLong());
  const auto server = Server::Start({.message_bytes_max = bytes_max}, &service_, "x").value();
  const auto stub = v1::PriceIngestService::NewStub(server->InProcessChannel());
  const auto ask = [&] {
    grpc::ClientContext context;
    v1::GetBatchResponse response;
    return FromGrpcStatus(stub->GetBatch(&context, request, &response));
  };
  FAIRWAY_EXPECT_OK(ask());
  request.mutable_batch_id()->push_back('x');
  EXPECT_THAT(ask(), testing::StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(ServerTest, ACallOfAConnectionThatGoesIsCancelledAfterTheGrace) {
  absl::Notification cancelled;
  service_.on_get_batch = [&](const Call& call) {
    const std::stop_callback stop(call.deadline().stop(), [&] { cancelled.Notify(); });
    EXPECT_TRUE(cancelled.WaitForNotificationWithTimeout(absl::Seconds(25)));
    return CancelledError();
  };
  const auto server = Server::Start({.connection_age = absl::Milliseconds(50),
                                     .connection_age_grace = absl::Milliseconds(50)},
                                    &service_, "x")
                          .value();
  const auto stub = v1::PriceIngestService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", server->port()), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::GetBatchResponse response;
  EXPECT_FALSE(stub->GetBatch(&context, {}, &response).ok());
}

TEST_F(ServerTest, ReflectionListsTheReasonsOfErrors) {
  grpc::ClientContext context;
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          channel_.get(),
          grpc::internal::RpcMethod(
              "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
              grpc::internal::RpcMethod::BIDI_STREAMING, channel_),
          &context));
  // ServerReflectionRequest{file_containing_symbol}
  const grpc::Slice symbol(
      std::string("\x22\x16"
                  "fairway.v1.ErrorReason"));
  ASSERT_TRUE(stream->Write(grpc::ByteBuffer(&symbol, 1)));
  grpc::ByteBuffer reply;
  ASSERT_TRUE(stream->Read(&reply));
  grpc::Slice bytes;
  ASSERT_TRUE(reply.DumpToSingleSlice(&bytes).ok());
  EXPECT_THAT(std::string(bytes.begin(), bytes.end()), HasSubstr("error_reason.proto"));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServerTest, NothingListensAfterShutdown) {
  const std::string address = absl::StrCat("127.0.0.1:", server_->port());
  server_->Shutdown(absl::ZeroDuration());
  FAIRWAY_EXPECT_OK(net::Listener::Bind(address, 1'000));
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
