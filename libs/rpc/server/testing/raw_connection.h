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

namespace fairway::rpc {

inline constexpr char kData = 0;
inline constexpr char kHeaders = 1;
inline constexpr char kSettings = 4;
inline constexpr char kPing = 6;
inline constexpr char kGoAway = 7;
inline constexpr char kWindowUpdate = 8;

inline std::string BigEndian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

inline uint32_t FromBigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

inline std::string Frame(char type, absl::string_view payload, char flags = 0,
                         uint32_t stream = 0) {
  return absl::StrCat(BigEndian(static_cast<uint32_t>(payload.size()), 3), std::string(1, type),
                      std::string(1, flags), BigEndian(stream, 4), payload);
}

// The header of a call, each field as it is.
inline std::string CallHeaders(absl::string_view path) {
  std::string block;
  const auto add = [&](absl::string_view name, absl::string_view value) {
    absl::StrAppend(&block, BigEndian(static_cast<uint32_t>(name.size()), 2), name,
                    BigEndian(static_cast<uint32_t>(value.size()), 1), value);
  };
  add(":method", "POST");
  add(":scheme", "http");
  add(":path", path);
  add(":authority", "x");
  add("content-type", "application/grpc");
  add("te", "trailers");
  return block;
}

// HTTP/2 by hand: what no well-behaved client would send.
class RawConnection {
 public:
  explicit RawConnection(int port) {
    const auto addresses = net::Resolve(absl::StrCat("127.0.0.1:", port));
    fd_ = net::Descriptor(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(fd_.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen), 0);
    Send(absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Frame(kSettings, "")));
  }

  // What the server set under this number, once its settings came.
  std::optional<uint32_t> Setting(uint32_t number) {
    if (!Await(kSettings) || !settings_.contains(number)) return std::nullopt;
    return settings_[number];
  }
  void Ping() { Send(Frame(kPing, "12345678")); }
  // Reads until a frame of `type` comes; false when the connection ends before.
  bool Await(char type) {
    while (true) {
      const std::optional<char> read = ReadFrame();
      if (!read) return false;
      if (*read == type) return true;
    }
  }
  // Begins so many calls, each with a few bytes of a message of 4 MiB.
  void BeginUnfinished(int calls) {
    for (size_t i = 0; i < static_cast<size_t>(calls); ++i) {
      BeginCall(i);
      Send(Frame(kData, "some bytes", 0, Stream(i)));
    }
  }
  // Until the server has ended so many calls; false when the connection ends before.
  bool AwaitEnds(int calls) {
    while (calls > 0) {
      const std::optional<char> read = ReadFrame();
      if (!read) return false;
      if (*read == kHeaders && ended_stream_) --calls;
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
        Send(Frame(kData, std::string(static_cast<size_t>(size), 'x'), 0, Stream(i)));
        Spend(Stream(i), static_cast<size_t>(size));
        left[i] -= static_cast<size_t>(size);
      }
    }
  }

 private:
  static constexpr char kEndHeaders = 4;
  static constexpr char kAck = 1;
  static constexpr char kEndStream = 1;

  void BeginCall(size_t call) {
    const std::string message = absl::StrCat(BigEndian(0, 1), BigEndian(4 << 20, 4));
    Send(Frame(kHeaders, CallHeaders("/fairway.v1.PriceIngestService/GetBatch"), kEndHeaders,
               Stream(call)));
    Send(Frame(kData, message, 0, Stream(call)));
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
  std::optional<char> ReadFrame() {
    std::string head(9, '\0');
    if (!Read(head)) return std::nullopt;
    std::string payload(FromBigEndian(absl::string_view(head).substr(0, 3)), '\0');
    if (!Read(payload)) return std::nullopt;
    const absl::string_view view = payload;
    const bool is_ack = (head[4] & kAck) != 0;
    ended_stream_ = (head[4] & kEndStream) != 0;
    if (head[3] == kPing && !is_ack) Send(Frame(kPing, payload, kAck));
    if (head[3] == kWindowUpdate) {
      windows_[FromBigEndian(absl::string_view(head).substr(5))] += FromBigEndian(view);
    }
    for (size_t i = 0; head[3] == kSettings && i < view.size(); i += 6) {
      const uint32_t number = FromBigEndian(view.substr(i, 2));
      settings_[number] = FromBigEndian(view.substr(i + 2, 4));
      if (number == 4) initial_window_ = settings_[number];
    }
    return head[3];
  }
  void Send(absl::string_view bytes) { send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  bool Read(std::string& bytes) {
    return recv(fd_.get(), bytes.data(), bytes.size(), MSG_WAITALL) ==
           static_cast<ssize_t>(bytes.size());
  }

  net::Descriptor fd_;
  bool ended_stream_ = false;  // The last frame did.
  int64_t initial_window_ = 65'535;
  std::map<uint32_t, uint32_t> settings_;
  // What may be sent: of all, under 0, and of each stream, beyond the initial window.
  std::map<uint32_t, int64_t> windows_ = {{0, 65'535}};
};

}  // namespace fairway::rpc
