#pragma once

#include <cstdint>

#include "libs/domain/batch_id.h"

namespace fairway {

// The advisory lock an attempt holds as long as its session lives: the beginning of a SHA-256, so
// that a partner cannot choose an id with the lock of another partner's batch. A collision (one in
// 2^64) only costs BATCH_IN_PROGRESS and a retry.
int64_t ClaimLock(const BatchKey& key);

}  // namespace fairway
