#include "libs/rpc/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "fairway/v1/error_reason.pb.h"

#include "libs/base/status_macros.h"

namespace fairway::rpc {
namespace {

// Some descriptors are kept for the rest of the process: the database, the admin endpoint, files.
int DescriptorsMax() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto all = static_cast<int>(
      std::min<rlim_t>(limit.rlim_cur, limits::kConnectionsMax + limits::kDescriptorsReserved));
  return all - std::min(limits::kDescriptorsReserved, all / 4);
}

int Millis(absl::Duration duration) {
  return duration == absl::InfiniteDuration()
             ? INT_MAX
             : static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void Configure(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.message_bytes_max);
  // gRPC unpacks a message before it looks at its size: 1 MiB would become 1 GiB. Without the
  // algorithms a compressed message is UNIMPLEMENTED, and its sender learns what is accepted.
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  // So there is nothing to unpack or to pack, and nobody looks at channelz: each call would pay for
  // it all the same, for unpacking a thirtieth of gRPC's own time.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // Bounds what messages take that never become whole; those of our own methods end before that
  // (see RequestReads). And the threads of reflection, each stream of which takes one.
  builder.SetResourceQuota(grpc::ResourceQuota("transport")
                               .Resize(options.transport_bytes_max)
                               .SetMaxThreads(limits::kBlockingThreadsMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.concurrent_streams_max);
  // On a fast network, gRPC would let each call send megabytes before the service reads them: a
  // hundred calls would fill the quota, and connections of other clients would be closed.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, options.stream_window_bytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Millis(options.ping_interval_min));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Millis(options.connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Millis(options.connection_age_grace));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      grpc::Service* service,
                                                      const std::string& service_name) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  v1::ErrorReason_descriptor();  // Links it, so that reflection has it: no message refers to it.
  grpc::ServerBuilder builder;
  Configure(options, builder);
  ASSIGN_OR_RETURN(auto listener, net::Listener::Bind(options.address, DescriptorsMax()));
  auto acceptor = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return absl::UnavailableError("gRPC does not start a server");
  return std::unique_ptr<Server>(
      new Server(std::move(server), std::move(acceptor), std::move(listener), service_name));
}

Server::Server(std::unique_ptr<grpc::Server> server, std::unique_ptr<Acceptor> acceptor,
               std::unique_ptr<net::Listener> listener, std::string service_name)
    : server_(std::move(server)),
      acceptor_(std::move(acceptor)),
      port_(listener->port()),
      listener_(std::move(listener)),
      service_name_(std::move(service_name)),
      pulse_(std::make_unique<Pulse>(server_.get(), &clock_)) {
  SetServing(false);
  listener_->Start([this](int listening, int accepted) {
    Acceptor::NewConnectionParameters connection;
    connection.listener_fd = listening;
    connection.fd = accepted;
    acceptor_->HandleNewConnection(&connection);
  });
}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

void Server::SetServing(bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(serving);
  server_->GetHealthCheckService()->SetServingStatus(service_name_, serving);
}

void Server::Shutdown(absl::Duration grace) {
  if (pulse_ == nullptr) return;
  pulse_.reset();
  listener_->Stop();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
}

}  // namespace fairway::rpc
