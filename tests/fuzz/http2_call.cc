#include "tests/fuzz/http2_call.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace fairway::fuzz {
namespace {

constexpr uint8_t kEndHeaders = 4;
constexpr uint8_t kPriority = 2;
constexpr uint8_t kWindowUpdate = 8;
constexpr uint8_t kUnknownType = 0x42;
constexpr size_t kFrameBytesMax = 16'384;
constexpr uint32_t kStreamId = 1;

std::string EncodeFrame(uint8_t type, uint8_t flags, uint32_t stream, absl::string_view payload) {
  std::string frame;
  for (int shift = 16; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>(payload.size() >> shift));
  }
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(stream >> shift));
  absl::StrAppend(&frame, payload);
  return frame;
}

// Literal fields without Huffman coding (RFC 7541, section 6.2.2).
std::string HeaderBlock(absl::Span<const std::pair<absl::string_view, absl::string_view>> fields) {
  std::string block;
  for (const auto& [name, value] : fields) {
    block.push_back('\0');
    block.push_back(static_cast<char>(name.size()));
    absl::StrAppend(&block, name);
    block.push_back(static_cast<char>(value.size()));
    absl::StrAppend(&block, value);
  }
  return block;
}

std::string OpeningHeaders() {
  static constexpr std::array<std::pair<absl::string_view, absl::string_view>, 6> kFields = {{
      {":method", "POST"},
      {":scheme", "http"},
      {":path", "/fairway.v1.PriceIngestService/UploadBatch"},
      {":authority", "localhost"},
      {"content-type", "application/grpc"},
      {"te", "trailers"},
  }};
  return EncodeFrame(kHeaders, kEndHeaders, kStreamId, HeaderBlock(kFields));
}

// A frame that changes nothing about the call, or ends it.
std::string OtherFrame(UploadMutator& random) {
  switch (random.Below(8)) {
    case 0:
      return EncodeFrame(kPing, 0, 0, "12345678");
    case 1:
      return EncodeFrame(kWindowUpdate, 0, kStreamId, absl::string_view("\0\0\1\0", 4));
    case 2:
      return EncodeFrame(kPriority, 0, kStreamId, absl::string_view("\0\0\0\0\7", 5));
    case 3:
      return EncodeFrame(kUnknownType, 0, kStreamId, "unknown");
    case 4:
      return EncodeFrame(kReset, 0, kStreamId, absl::string_view("\0\0\0\10", 4));
    case 5:
      return EncodeFrame(kHeaders, kEndStream | kEndHeaders, kStreamId, "");  // Trailers.
    case 6:
      return EncodeFrame(kData, kEndStream, kStreamId, "");
    default:
      return EncodeFrame(kData, 0, kStreamId, "");
  }
}

void MutateFrames(std::vector<std::string>& frames, UploadMutator& random) {
  const size_t a = 1 + random.Below(frames.size() - 1);
  const size_t b = 1 + random.Below(frames.size() - 1);
  const auto at = frames.begin() + static_cast<ptrdiff_t>(a);
  switch (random.Below(6)) {
    case 0:
      if (frames.size() > 2) frames.erase(at);
      break;
    case 1:
      frames.insert(at, std::string(frames[b]));
      break;
    case 2:
      std::swap(frames[a], frames[b]);
      break;
    case 3:
      frames[a][4] = static_cast<char>(frames[a][4] ^ kEndStream);
      break;
    case 4:
      random.MutateBytes(frames[a]);
      frames[a].resize(std::max(frames[a].size(), kHttp2HeadSize));
      break;
    default:
      frames.insert(at, OtherFrame(random));
  }
}

}  // namespace

Http2Head ReadHttp2Head(absl::string_view bytes) {
  const auto number = [&](size_t begin, size_t size) {
    uint32_t value = 0;
    for (const char byte : bytes.substr(begin, size))
      value = value << 8 | static_cast<uint8_t>(byte);
    return value;
  };
  return {.length = number(0, 3),
          .type = static_cast<uint8_t>(bytes[3]),
          .flags = static_cast<uint8_t>(bytes[4]),
          .stream = number(5, 4) & 0x7FFFFFFF};
}

std::vector<std::string> EncodeUpload(absl::string_view body, UploadMutator& random) {
  std::vector<std::string> frames = {std::string(kHttp2Preface) + EncodeFrame(kSettings, 0, 0, "") +
                                     OpeningHeaders()};
  const size_t frame_max = 1 + random.Below(400);
  while (!body.empty()) {
    const absl::string_view part = body.substr(0, 1 + random.Below(frame_max));
    body.remove_prefix(part.size());
    const bool last = body.empty() && random.Below(2) == 0;
    frames.push_back(EncodeFrame(kData, last ? kEndStream : 0, kStreamId, part));
    if (last) return frames;
  }
  frames.push_back(EncodeFrame(kData, kEndStream, kStreamId, ""));
  return frames;
}

std::string MutateConnection(std::vector<std::string> frames, UploadMutator& random) {
  for (size_t changes = random.Below(3); changes > 0; --changes) MutateFrames(frames, random);
  std::string bytes;
  for (const std::string& frame : frames) bytes += frame;
  if (random.Below(8) == 0)
    bytes.resize(frames[0].size() + random.Below(bytes.size() - frames[0].size()));
  return bytes;
}

ReceivedUpload DecodeUpload(absl::string_view connection) {
  ReceivedUpload upload;
  std::string body;
  connection.remove_prefix(kHttp2Preface.size());
  while (connection.size() >= kHttp2HeadSize && !upload.ended) {
    const Http2Head head = ReadHttp2Head(connection);
    if (head.length > kFrameBytesMax || head.length > connection.size() - kHttp2HeadSize) break;
    const absl::string_view payload = connection.substr(kHttp2HeadSize, head.length);
    connection.remove_prefix(kHttp2HeadSize + head.length);
    if (head.stream != kStreamId) continue;
    if (head.type == kReset) break;
    if (head.type == kData) absl::StrAppend(&body, payload);
    upload.ended = (head.type == kData || head.type == kHeaders) && (head.flags & kEndStream) != 0;
  }
  upload.messages = Unframe(body);
  return upload;
}

}  // namespace fairway::fuzz
