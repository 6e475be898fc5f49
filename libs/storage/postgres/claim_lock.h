#pragma once

#include <cstdint>

#include "libs/domain/batch_id.h"

namespace fairway {

// The advisory lock an attempt holds as long as its session lives: the beginning of a SHA-256, so
// that nobody can choose an id whose lock is that of somebody else's batch. Another batch with the
// same number (one in 2^64) would only be told BATCH_IN_PROGRESS and try again.
int64_t ClaimLock(const BatchKey& key);

}  // namespace fairway
