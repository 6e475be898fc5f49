#include "libs/storage/postgres/status.h"

#include "libs/domain/errors.h"
#include "libs/postgres/errors.h"

namespace fairway {

absl::Status ToStoreStatus(const absl::Status& status) {
  if (status.ok() || !ReasonOf(status).empty()) return status;
  const std::string cause = status.ToString();
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return WithCause(DeadlineExceededError(), cause);
    case absl::StatusCode::kCancelled:
      return WithCause(CancelledError(), cause);
    case absl::StatusCode::kUnavailable:
      if (postgres::IsSchemaMissing(status)) {
        return WithCause(DatabaseUnavailableError("its schema is missing; run fairway migrate"),
                         cause);
      }
      return WithCause(DatabaseUnavailableError("no connection"), cause);
    case absl::StatusCode::kUnknown:  // A commit in doubt that was not resolved.
      return WithCause(DatabaseUnavailableError("no connection"), cause);
    case absl::StatusCode::kAborted:
      return WithCause(DatabaseUnavailableError("too much contention"), cause);
    case absl::StatusCode::kResourceExhausted:
      return WithCause(DatabaseUnavailableError("it is out of space or memory"), cause);
    case absl::StatusCode::kDataLoss:
      return WithCause(absl::InternalError("the database holds what this release cannot read"),
                       cause);
    default:
      return WithCause(absl::InternalError("the database refused a statement"), cause);
  }
}

}  // namespace fairway
