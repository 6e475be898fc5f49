#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// HTTP/2 frames by hand (RFC 9113), for what no well-behaved client sends.
namespace fairway::http2 {

constexpr absl::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kHeadBytes = 9;
constexpr size_t kFrameBytesMax = 16'384;  // Of the payload, unless the settings say otherwise.

enum Type : uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
};
// Flags, by the type that has them.
constexpr uint8_t kEndStream = 1;   // DATA and HEADERS.
constexpr uint8_t kAck = 1;         // SETTINGS and PING.
constexpr uint8_t kEndHeaders = 4;  // HEADERS.

struct Head {
  size_t length = 0;  // Of the payload.
  uint8_t type = 0;
  uint8_t flags = 0;
  uint32_t stream = 0;
};

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

inline std::string EncodeFrame(uint8_t type, uint8_t flags, uint32_t stream,
                               absl::string_view payload) {
  return absl::StrCat(BigEndian(static_cast<uint32_t>(payload.size()), 3), BigEndian(type, 1),
                      BigEndian(flags, 1), BigEndian(stream, 4), payload);
}

// `bytes`: kHeadBytes at least.
inline Head ReadHead(absl::string_view bytes) {
  return {.length = FromBigEndian(bytes.substr(0, 3)),
          .type = static_cast<uint8_t>(bytes[3]),
          .flags = static_cast<uint8_t>(bytes[4]),
          .stream = FromBigEndian(bytes.substr(5, 4)) & 0x7FFFFFFF};
}

// The HEADERS frame that begins a gRPC call: literal fields without Huffman coding (RFC 7541,
// section 6.2.2).
inline std::string EncodeCallHeaders(absl::string_view path, uint32_t stream) {
  std::string block;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<absl::string_view, absl::string_view>>{
           {":method", "POST"},
           {":scheme", "http"},
           {":path", path},
           {":authority", "localhost"},
           {"content-type", "application/grpc"},
           {"te", "trailers"}}) {
    absl::StrAppend(&block, BigEndian(0, 1), BigEndian(static_cast<uint32_t>(name.size()), 1), name,
                    BigEndian(static_cast<uint32_t>(value.size()), 1), value);
  }
  return EncodeFrame(kHeaders, kEndHeaders, stream, block);
}

}  // namespace fairway::http2
