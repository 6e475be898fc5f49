#include "tests/fuzz/http2_call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fairway::fuzz {
namespace {

using http2::EncodeFrame;
using http2::kData;
using http2::kEndHeaders;
using http2::kEndStream;
using http2::kHeadBytes;
using http2::kHeaders;
using http2::kReset;

constexpr uint8_t kUnknownType = 0x42;
constexpr uint32_t kStreamId = 1;

// A frame that changes nothing about the call, or ends it.
std::string OtherFrame(UploadMutator& random) {
  switch (random.Below(8)) {
    case 0:
      return EncodeFrame(http2::kPing, 0, 0, "12345678");
    case 1:
      return EncodeFrame(http2::kWindowUpdate, 0, kStreamId, absl::string_view("\0\0\1\0", 4));
    case 2:
      return EncodeFrame(http2::kPriority, 0, kStreamId, absl::string_view("\0\0\0\0\7", 5));
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
      frames[a].resize(std::max(frames[a].size(), kHeadBytes));
      break;
    default:
      frames.insert(at, OtherFrame(random));
  }
}

}  // namespace

std::vector<std::string> EncodeUpload(absl::string_view body, UploadMutator& random) {
  std::vector<std::string> frames = {absl::StrCat(
      http2::kPreface, EncodeFrame(http2::kSettings, 0, 0, ""),
      http2::EncodeCallHeaders("/fairway.v1.PriceIngestService/UploadBatch", kStreamId))};
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
  connection.remove_prefix(http2::kPreface.size());
  while (connection.size() >= kHeadBytes && !upload.ended) {
    const http2::Head head = http2::ReadHead(connection);
    if (head.length > http2::kFrameBytesMax || head.length > connection.size() - kHeadBytes) break;
    const absl::string_view payload = connection.substr(kHeadBytes, head.length);
    connection.remove_prefix(kHeadBytes + head.length);
    if (head.stream != kStreamId) continue;
    if (head.type == kReset) break;
    if (head.type == kData) absl::StrAppend(&body, payload);
    upload.ended = (head.type == kData || head.type == kHeaders) && (head.flags & kEndStream) != 0;
  }
  upload.messages = Unframe(body);
  return upload;
}

}  // namespace fairway::fuzz
