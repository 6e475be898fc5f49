#include "libs/domain/batch.h"

namespace fairway {
namespace {

constexpr std::array<absl::string_view, 6> kStateNames = {"RECEIVING", "COMMITTED", "REVERTED",
                                                          "FAILED",    "CANCELLED", "EXPIRED"};

}  // namespace

absl::string_view BatchStateName(BatchState state) {
  return kStateNames[static_cast<size_t>(state)];
}

bool ReadBatchState(absl::string_view name, BatchState& state) {
  for (size_t i = 0; i < kStateNames.size(); ++i) {
    if (kStateNames[i] != name) continue;
    state = static_cast<BatchState>(i);
    return true;
  }
  return false;
}

}  // namespace fairway
