#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway {

// Names a batch: chosen by the partner, unique per partner, and for ever.
struct BatchKey {
  std::string partner;
  std::string batch_id;

  friend bool operator==(const BatchKey&, const BatchKey&) = default;
  friend auto operator<=>(const BatchKey&, const BatchKey&) = default;
};

// INVALID_BATCH_ID unless 4 to 63 of [a-z0-9-].
absl::Status CheckBatchId(absl::string_view text);

// INVALID_PARTNER unless 1 to 63 of [a-z0-9-].
absl::Status CheckPartner(absl::string_view text);

// The errors of both.
absl::StatusOr<BatchKey> ParseBatchKey(absl::string_view partner, absl::string_view batch_id);

}  // namespace fairway
