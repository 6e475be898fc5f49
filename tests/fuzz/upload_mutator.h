#pragma once

#include <random>
#include <string>

#include "tests/fuzz/grpc_framing.h"

namespace fairway::fuzz {

// Makes uploads, and spoils them. All of it follows from the seed.
class UploadMutator {
 public:
  explicit UploadMutator(uint64_t seed) : random_(seed) {}

  // A stream that may be spoilt already: mostly good ones, of the ports AAAAA, BBBBB and CCCCC.
  Stream MakeStream(const std::string& batch_id);

  // The stream with up to three things changed: bits, bytes, lengths, messages; or its frames as
  // gRPC sends them, cut or changed anywhere. What cannot be distinguished from the end of a stream
  // is one.
  Stream Mutate(Stream stream);

  // Changes a bit, a byte or a few, anywhere.
  void MutateBytes(std::string& bytes);

  // A number below the bound; 0 below 0.
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
  bool OneIn(size_t n) { return Below(n) == 0; }
  std::string MakeChunk(int& rows);
  void MutateMessages(Stream& stream);
  Stream MutateFrames(const Stream& stream);

  std::mt19937_64 random_;
};

}  // namespace fairway::fuzz
