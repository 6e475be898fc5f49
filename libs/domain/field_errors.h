#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fairway {

// Collects what is wrong with the fields of a request, to report all of it at once.
// Allocates nothing while nothing is wrong. Not thread-safe.
class FieldErrors {
 public:
  // An INVALID_ARGUMENT error of one or more fields; OK is ignored.
  void Add(absl::Status error);

  // Sets `target` to the value, or adds the error.
  template <typename T, typename Target>
  void SetOrAdd(absl::StatusOr<T> parsed, Target& target) {
    if (parsed.ok()) {
      target = *std::move(parsed);
    } else {
      Add(std::move(parsed).status());
    }
  }

  bool empty() const { return errors_.empty(); }

  // OK when nothing is wrong, the error itself when there is one. Of several errors: their
  // messages, one after the other, all of their field violations, the reason of the first, and
  // their number as metadata error_count.
  // Lists the first kFieldErrorsMax errors and says how many more there are.
  absl::Status status() const;

 private:
  std::vector<absl::Status> errors_;
  size_t dropped_ = 0;  // Fields beyond those in errors_.
};

}  // namespace fairway
