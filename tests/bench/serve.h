#pragma once

#include <grpcpp/grpcpp.h>

#include <iostream>
#include <memory>

#include "absl/synchronization/mutex.h"

namespace fairway::bench {

// Serves on a free port, which it prints, until standard input ends. As the real services serve,
// without what they add. Returns the exit code of the process.
inline int ServeUntilEof(grpc::Service& service) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As in the real services.
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  // As many as the services take: without a bound, a connection that is half a second behind is so
  // for eight more.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 256);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::cout << port << std::endl;
  while (std::cin.get() != std::istream::traits_type::eof()) {
  }
  server->Shutdown();
  return 0;
}

}  // namespace fairway::bench
