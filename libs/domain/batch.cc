#include "libs/domain/batch.h"

#include "absl/strings/str_cat.h"

namespace fairway {
namespace {

constexpr std::array<absl::string_view, 6> kStateNames = {"RECEIVING", "COMMITTED", "REVERTED",
                                                          "FAILED",    "CANCELLED", "EXPIRED"};

}  // namespace

absl::string_view BatchStateName(BatchState state) {
  return kStateNames[static_cast<size_t>(state)];
}

absl::StatusOr<BatchState> ParseBatchState(absl::string_view name) {
  for (size_t i = 0; i < kStateNames.size(); ++i) {
    if (kStateNames[i] == name) return static_cast<BatchState>(i);
  }
  return absl::DataLossError(
      absl::StrCat("the state ", name, ", which this release does not know"));
}

bool IsVisible(const BatchRecord& batch, DatasetVersion version) {
  return batch.committed_version && batch.committed_version->number <= version &&
         (!batch.reverted_version || batch.reverted_version->number > version);
}

}  // namespace fairway
