#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "libs/rpc/server/testing/http2_frames.h"
#include "tests/fuzz/grpc_framing.h"
#include "tests/fuzz/upload_mutator.h"

namespace fairway::fuzz {

// All that a client sends over a connection to upload `body`, which is one call on stream 1: its
// bytes in DATA frames of any size, other frames between them, the end with the last or behind it.
// The first element is the preface with what opens the connection, each other one a frame.
std::vector<std::string> EncodeUpload(absl::string_view body, UploadMutator& random);

// The same with up to two things changed: frames lost, doubled, swapped or added, bytes changed,
// the end of the stream moved, the connection cut.
std::string MutateConnection(std::vector<std::string> frames, UploadMutator& random);

// What a server can know of the call from those bytes.
struct ReceivedUpload {
  Stream messages;
  bool ended = false;  // By the client, not by a reset or the end of the connection.
};
ReceivedUpload DecodeUpload(absl::string_view connection);

}  // namespace fairway::fuzz
