#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/domain/batch.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/port_code.h"

namespace fairway {

enum class CommitKind {
  kCommit,     // A batch became visible.
  kRevert,     // A batch was taken out again.
  kLocations,  // Ports or regions were added or changed.
};

// "COMMIT"; the form kinds have in storage.
absl::string_view CommitKindName(CommitKind kind);
// DATA_LOSS when this release does not know the kind.
absl::StatusOr<CommitKind> ParseCommitKind(absl::string_view name);

struct TouchedLane {
  PortCode origin;
  PortCode destination;

  friend auto operator<=>(const TouchedLane&, const TouchedLane&) = default;
};

// What a version changed.
struct CommitRecord {
  VersionId version;
  CommitKind kind = CommitKind::kCommit;
  absl::Time time;
  std::optional<BatchRecord> batch;  // As it stands now; none for kLocations.
  // The lanes the batch has prices for, in no order; empty when there are more than
  // limits::kReportedLanesMax.
  std::vector<TouchedLane> lanes;
};

struct CommitPage {
  VersionId after;  // What the page follows, with its identity.
  std::vector<CommitRecord> commits;
};

// Reads what happened. Thread-safe.
class CommitLog {
 public:
  virtual ~CommitLog() = default;

  // What the versions after `after` up to `last` changed, ascending and without a gap, `limit` at
  // most; one at least unless there is none. Without an identity, `after` is a version of today's
  // history. VERSION_PURGED when that history does not contain `after`, or what follows it is not
  // kept any more; VERSION_UNKNOWN when `after` does not exist yet; DEADLINE_EXCEEDED;
  // DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<CommitPage> ReadCommits(const VersionId& after, DatasetVersion last,
                                                 int limit, const Deadline& deadline) = 0;
};

}  // namespace fairway
