#include "tests/fuzz/grpc_framing.h"

#include <cstdint>

namespace fairway::fuzz {

std::string Frame(const Stream& stream) {
  std::string bytes;
  for (const std::string& message : stream) {
    bytes.push_back('\0');
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<char>(message.size() >> shift));
    }
    bytes += message;
  }
  return bytes;
}

Stream Unframe(absl::string_view body) {
  Stream stream;
  while (body.size() >= 5 && (body[0] == '\0' || body[0] == '\1')) {
    size_t size = 0;
    for (int i = 1; i < 5; ++i) size = size << 8 | static_cast<uint8_t>(body[i]);
    if (size > body.size() - 5) break;
    stream.emplace_back(body.substr(5, size));
    body.remove_prefix(5 + size);
  }
  return stream;
}

}  // namespace fairway::fuzz
