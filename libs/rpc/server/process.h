#pragma once

namespace fairway::rpc {

// First thing in main(), before any thread starts. Keeps SIGTERM and SIGINT for
// WaitForTermination(), ignores SIGPIPE, and turns off Abseil's deadlock detector: Debian builds it
// armed, and gRPC sets off false alarms that would end the process.
void InitProcess();

// Blocks until SIGTERM or SIGINT arrives. A signal handler could not shut a gRPC server down.
void WaitForTermination();

}  // namespace fairway::rpc
