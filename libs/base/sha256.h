#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway {

// SHA-256 over text that comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void Add(absl::string_view text);
  // 64 hexadecimal digits. Once, and last.
  std::string Finish();

 private:
  struct Context;
  const std::unique_ptr<Context> context_;
};

std::string Sha256Of(absl::string_view text);

}  // namespace fairway
