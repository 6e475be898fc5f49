#include "libs/rpc/request_id.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fairway::rpc {
namespace {

constexpr size_t kLengthMax = 64;

bool IsAllowed(char c) { return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-'; }

}  // namespace

std::string RequestIdOrNew(absl::string_view given) {
  if (!given.empty() && given.size() <= kLengthMax &&
      std::all_of(given.begin(), given.end(), IsAllowed)) {
    return std::string(given);
  }
  thread_local absl::BitGen random;
  return absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16),
                      absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16));
}

}  // namespace fairway::rpc
