#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/net/address.h"
#include "libs/net/descriptor.h"
#include "libs/rpc/server/testing/http2_frames.h"

namespace fairway::rpc {

// A client's end of an HTTP/2 connection that breaks off requests, and counts what it may send.
class RawConnection {
 public:
  explicit RawConnection(int port) {
    const auto addresses = net::Resolve(absl::StrCat("127.0.0.1:", port));
    fd_ = net::Descriptor(socket(AF_INET, SOCK_STREAM, 0));
    const timeval time_max = {.tv_sec = 60};  // A frame that never comes fails the test.
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &time_max, sizeof(time_max));
    EXPECT_EQ(connect(fd_.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen), 0);
    Send(absl::StrCat(http2::kPreface, http2::EncodeFrame(http2::kSettings, 0, 0, "")));
  }

  // What the server set under this number, once its settings came.
  std::optional<uint32_t> Setting(uint32_t number) {
    if (!Await(http2::kSettings) || !settings_.contains(number)) return std::nullopt;
    return settings_[number];
  }
  void Ping() { Send(http2::EncodeFrame(http2::kPing, 0, 0, "12345678")); }
  // Reads until a frame of `type` comes; false when the connection ends before.
  bool Await(http2::Type type) {
    while (true) {
      const std::optional<http2::Head> head = ReadFrame();
      if (!head) return false;
      if (head->type == type) return true;
    }
  }
  // Begins so many calls, each with a few bytes of a message of 4 MiB.
  void BeginUnfinished(int calls) {
    for (size_t i = 0; i < static_cast<size_t>(calls); ++i) {
      BeginCall(i);
      Send(http2::EncodeFrame(http2::kData, 0, Stream(i), "some bytes"));
    }
  }
  // The same with one call of a method, behind those that were begun so.
  void BeginUnfinished(absl::string_view path) {
    BeginCall(begun_, path);
    Send(http2::EncodeFrame(http2::kData, 0, Stream(begun_), "some bytes"));
    ++begun_;
  }
  // Cancels a call, by its place among those that were begun.
  void Reset(size_t call) {
    constexpr uint32_t kCancel = 8;
    Send(http2::EncodeFrame(http2::kReset, 0, Stream(call), http2::BigEndian(kCancel, 4)));
  }
  // How many pings the server sent of its own accord, as far as was read.
  int pings() const { return pings_; }
  // How many times it asked to go, as far as was read.
  int goaways() const { return goaways_; }
  // Until the server has ended so many calls; false when the connection ends before.
  bool AwaitEnds(int calls) {
    while (calls > 0) {
      const std::optional<http2::Head> head = ReadFrame();
      if (!head) return false;
      if (head->type == http2::kHeaders && (head->flags & http2::kEndStream) != 0) --calls;
    }
    return true;
  }
  // Begins calls of messages of 4 MiB, and sends `bytes` of each, as far as the server lets it.
  void SendUnfinished(int calls, size_t bytes) {
    std::vector<size_t> left(static_cast<size_t>(calls), bytes);
    for (size_t i = 0; i < left.size(); ++i) {
      BeginCall(i);
    }
    bool sends = true;
    while (sends || ReadWhatComes()) {
      sends = false;
      for (size_t i = 0; i < left.size(); ++i) {
        const int64_t window = std::min(windows_[0], initial_window_ + windows_[Stream(i)]);
        const auto size = std::min<int64_t>({window, static_cast<int64_t>(left[i]), 16'000});
        if (size <= 0) continue;
        sends = true;
        Send(http2::EncodeFrame(http2::kData, 0, Stream(i),
                                std::string(static_cast<size_t>(size), 'x')));
        Spend(Stream(i), static_cast<size_t>(size));
        left[i] -= static_cast<size_t>(size);
      }
    }
  }

 private:
  void BeginCall(size_t call, absl::string_view path = "/fairway.v1.PriceIngestService/GetBatch") {
    const std::string message = absl::StrCat(http2::BigEndian(0, 1), http2::BigEndian(4 << 20, 4));
    Send(http2::EncodeCallHeaders(path, Stream(call)));
    Send(http2::EncodeFrame(http2::kData, 0, Stream(call), message));
    Spend(Stream(call), message.size());
  }
  static uint32_t Stream(size_t call) { return static_cast<uint32_t>(2 * call + 1); }
  void Spend(uint32_t stream, size_t bytes) {
    windows_[0] -= static_cast<int64_t>(bytes);
    windows_[stream] -= static_cast<int64_t>(bytes);
  }
  // False when nothing came for a while, or the connection is over.
  bool ReadWhatComes() {
    pollfd polled = {fd_.get(), POLLIN, 0};
    if (poll(&polled, 1, 300) == 0) return false;
    do {
      if (!ReadFrame()) return false;
    } while (poll(&polled, 1, 0) > 0);
    return true;
  }
  std::optional<http2::Head> ReadFrame() {
    std::string bytes(http2::kHeadBytes, '\0');
    if (!Read(bytes)) return std::nullopt;
    const http2::Head head = http2::ReadHead(bytes);
    std::string payload(head.length, '\0');
    if (!Read(payload)) return std::nullopt;
    if (head.type == http2::kPing && (head.flags & http2::kAck) == 0) {
      ++pings_;
      Send(http2::EncodeFrame(http2::kPing, http2::kAck, 0, payload));
    }
    if (head.type == http2::kGoAway) ++goaways_;
    if (head.type == http2::kWindowUpdate) {
      windows_[head.stream] += http2::FromBigEndian(payload);
    }
    if (head.type == http2::kSettings) ReadSettings(payload);
    return head;
  }
  void ReadSettings(absl::string_view payload) {
    constexpr uint32_t kInitialWindowSize = 4;
    for (; !payload.empty(); payload.remove_prefix(6)) {
      const uint32_t number = http2::FromBigEndian(payload.substr(0, 2));
      settings_[number] = http2::FromBigEndian(payload.substr(2, 4));
      if (number == kInitialWindowSize) initial_window_ = settings_[number];
    }
  }
  void Send(absl::string_view bytes) { send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  bool Read(std::string& bytes) {
    return recv(fd_.get(), bytes.data(), bytes.size(), MSG_WAITALL) ==
           static_cast<ssize_t>(bytes.size());
  }

  net::Descriptor fd_;
  int pings_ = 0;
  int goaways_ = 0;
  size_t begun_ = 0;
  int64_t initial_window_ = 65'535;
  std::map<uint32_t, uint32_t> settings_;
  // What may be sent: of all, under 0, and of each stream, beyond the initial window.
  std::map<uint32_t, int64_t> windows_ = {{0, 65'535}};
};

}  // namespace fairway::rpc
