#pragma once

#include <cstdint>

namespace fairway {

// The number of a state of the data set: 0 before anything was stored, then one more for every
// commit, revert and change of the locations, without gaps.
using DatasetVersion = int64_t;

// A random number that the transaction writes that makes a version. 0: not known, or any.
using VersionIdentity = uint64_t;

// One version of one history. After a restore from a backup, or a failover that lost commits,
// numbers are given again and identities are not: what is kept under a version is kept under both.
struct VersionId {
  DatasetVersion number = 0;
  VersionIdentity identity = 0;

  friend bool operator==(const VersionId&, const VersionId&) = default;
};

}  // namespace fairway
