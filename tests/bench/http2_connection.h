#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fairway::bench {

// A client's end of one HTTP/2 connection to a gRPC server on loopback: unary calls, as many at
// once as one likes, none of which waits for another. The caller polls fd(). Not thread-safe.
class Http2Connection {
 public:
  // What became of a call: `number` is what the caller gave it; `grpc_status` is that of the
  // trailers, kNoStatus when the stream ended without one.
  using OnReply = std::function<void(int64_t number, int grpc_status)>;
  static constexpr int kNoStatus = -1;

  // `path` is that of the method; `request` is the message behind gRPC's five bytes, the same for
  // every call.
  static absl::StatusOr<std::unique_ptr<Http2Connection>> Open(int port, std::string path,
                                                               std::string request,
                                                               OnReply on_reply);
  ~Http2Connection();
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  int fd() const { return fd_; }

  absl::Status Call(int64_t number);
  // Writes what the socket takes of what is to be written.
  absl::Status Flush();
  // Reads what is there, and reports the replies among it.
  absl::Status Receive();

 private:
  struct Stream {
    int64_t number = 0;
    int grpc_status = kNoStatus;
    size_t sent = 0;
  };

  Http2Connection(std::string path, std::string request, OnReply on_reply);
  absl::Status Start(int port);
  static nghttp2_session_callbacks* MakeCallbacks();
  Stream* FindStream(int32_t id);

  const std::string path_;
  const std::string request_;
  const OnReply on_reply_;
  int fd_ = -1;
  nghttp2_session* session_ = nullptr;
  std::string unsent_;
};

}  // namespace fairway::bench
