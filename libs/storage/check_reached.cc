#include "libs/storage/check_reached.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {

absl::Status CheckReached(const VersionId& asked, const VersionId& newest) {
  if (asked.number <= newest.number) return absl::OkStatus();
  // An identity is only known of a version that was committed.
  if (asked.identity != 0) return VersionOfLostHistoryError(asked.number);
  if (asked.number - newest.number > limits::kVersionsAheadMax) {
    return VersionUnknownError(asked.number, newest.number);
  }
  return VersionNotYetVisibleError(asked.number, newest.number);
}

}  // namespace fairway
