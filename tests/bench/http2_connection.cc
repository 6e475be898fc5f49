#include "tests/bench/http2_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"

namespace fairway::bench {
namespace {

constexpr int32_t kWindowBytes = 1 << 30;

absl::Status Checked(int64_t nghttp2_result) {
  if (nghttp2_result >= 0) return absl::OkStatus();
  return absl::InternalError(nghttp2_strerror(static_cast<int>(nghttp2_result)));
}

nghttp2_nv Header(absl::string_view name, absl::string_view value) {
  const auto bytes = [](absl::string_view text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));  // nghttp2 only reads them.
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

absl::string_view View(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

Http2Connection::Http2Connection(std::string path, std::string request, OnReply on_reply)
    : path_(std::move(path)), request_(std::move(request)), on_reply_(std::move(on_reply)) {}

Http2Connection::~Http2Connection() {
  nghttp2_session_del(session_);
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<std::unique_ptr<Http2Connection>> Http2Connection::Open(int port, std::string path,
                                                                       std::string request,
                                                                       OnReply on_reply) {
  std::unique_ptr<Http2Connection> connection(
      new Http2Connection(std::move(path), std::move(request), std::move(on_reply)));
  RETURN_IF_ERROR(connection->Start(port));
  return connection;
}

absl::Status Http2Connection::Start(int port) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("port ", port));
  }
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  nghttp2_session_callbacks* const callbacks = MakeCallbacks();
  const int made = nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  RETURN_IF_ERROR(Checked(made));
  // Wide windows, as h2load's: replies must not wait for their flow control.
  const nghttp2_settings_entry wide = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes};
  RETURN_IF_ERROR(Checked(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &wide, 1)));
  RETURN_IF_ERROR(
      Checked(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes)));
  return Flush();
}

nghttp2_session_callbacks* Http2Connection::MakeCallbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks,
      [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
         const uint8_t* value, size_t value_size, uint8_t /*flags*/, void* self) {
        if (View(name, name_size) != "grpc-status") return 0;
        auto* const stream = static_cast<Http2Connection*>(self)->FindStream(frame->hd.stream_id);
        if (stream == nullptr) return 0;
        if (!absl::SimpleAtoi(View(value, value_size), &stream->grpc_status)) {
          stream->grpc_status = kNoStatus;
        }
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, int32_t id, uint32_t /*error*/, void* self) {
        auto* const connection = static_cast<Http2Connection*>(self);
        const std::unique_ptr<Stream> stream(connection->FindStream(id));
        if (stream != nullptr) connection->on_reply_(stream->number, stream->grpc_status);
        return 0;
      });
  return callbacks;
}

Http2Connection::Stream* Http2Connection::FindStream(int32_t id) {
  return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id));
}

absl::Status Http2Connection::Call(int64_t number) {
  const std::array headers = {
      Header(":method", "POST"), Header(":scheme", "http"),
      Header(":path", path_),    Header(":authority", "localhost"),
      Header("te", "trailers"),  Header("content-type", "application/grpc"),
  };
  auto stream = std::make_unique<Stream>();
  stream->number = number;
  nghttp2_data_provider body{};
  body.source.ptr = stream.get();
  body.read_callback = [](nghttp2_session*, int32_t /*id*/, uint8_t* buffer, size_t room,
                          uint32_t* flags, nghttp2_data_source* source, void* self) -> ssize_t {
    const std::string& request = static_cast<Http2Connection*>(self)->request_;
    auto* const sending = static_cast<Stream*>(source->ptr);
    const size_t size = std::min(room, request.size() - sending->sent);
    std::memcpy(buffer, request.data() + sending->sent, size);
    sending->sent += size;
    if (sending->sent == request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  };
  RETURN_IF_ERROR(Checked(nghttp2_submit_request(session_, nullptr, headers.data(), headers.size(),
                                                 &body, stream.get())));
  stream.release();  // The stream's until it closes.
  return absl::OkStatus();
}

absl::Status Http2Connection::Flush() {
  const uint8_t* bytes = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_, &bytes)) > 0) {
    unsent_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
  RETURN_IF_ERROR(Checked(size));
  if (unsent_.empty()) return absl::OkStatus();
  const ssize_t sent = send(fd_, unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) {
    return errno == EAGAIN ? absl::OkStatus() : absl::ErrnoToStatus(errno, "sending");
  }
  unsent_.erase(0, static_cast<size_t>(sent));
  return absl::OkStatus();
}

absl::Status Http2Connection::Receive() {
  std::array<uint8_t, 1 << 16> bytes;
  const ssize_t size = recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size < 0) {
    return errno == EAGAIN ? absl::OkStatus() : absl::ErrnoToStatus(errno, "receiving");
  }
  if (size == 0) return absl::UnavailableError("the server closed a connection");
  return Checked(nghttp2_session_mem_recv(session_, bytes.data(), static_cast<size_t>(size)));
}

}  // namespace fairway::bench
