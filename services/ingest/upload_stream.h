#pragma once

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "services/ingest/chunk_decoder.h"
#include "services/ingest/row_source.h"
#include "services/ingest/wait_credit.h"

namespace fairway::ingest {

// Where the encoded messages of an upload come from.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // The next one, valid until the next call; nothing at the end. DEADLINE_EXCEEDED when none came
  // before `deadline`; CANCELLED.
  virtual absl::StatusOr<std::optional<absl::string_view>> Next(absl::Time deadline) = 0;
};

// What follows the header of an upload, as the operation sees it: rows, and the end. Only rows
// count as progress, whether they turn out good or bad. A client that sends none is timed out; one
// that sends few for the time spent waiting for it yields to others (WaitCredit). Time that the
// reader of the rows takes between two calls is not charged to the client. One thread. Borrows its
// arguments.
class UploadStream final : public RowSource {
 public:
  // `must_yield`: whether another upload needs the place; asked once a second when the credit is
  // used up.
  UploadStream(MessageSource* messages, const Clock* clock, const Deadline& deadline,
               std::function<bool()> must_yield);

  // UPLOAD_TIMED_OUT; OVERLOADED when this upload has to yield; INVALID_REQUEST; CANCELLED.
  absl::StatusOr<const RawBlock*> Next() override;
  std::optional<UploadEnd> end() const override { return end_; }

 private:
  using Message = std::optional<absl::string_view>;

  absl::StatusOr<const RawBlock*> NextBlock();
  // Begins with what `message` holds. False when it was the end.
  absl::StatusOr<bool> Begin(absl::string_view message);
  absl::Status AwaitClose();
  absl::StatusOr<Message> Read(absl::Duration idle_max);
  absl::StatusOr<Message> ReadBefore(absl::Time limit);
  // Charges the time since the last charge; returns the time it is.
  absl::Time Charge();

  MessageSource* const messages_;
  const Clock* const clock_;
  const Deadline deadline_;
  const std::function<bool()> must_yield_;
  ChunkDecoder decoder_;
  bool in_chunk_ = false;
  bool made_progress_ = true;  // Since idle_since_.
  absl::Time idle_since_;
  WaitCredit credit_;
  absl::Time charged_until_;
  absl::Time next_look_ = absl::InfinitePast();
  std::optional<UploadEnd> end_;
};

}  // namespace fairway::ingest
