#pragma once

#include <string>

#include "absl/status/status.h"

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace fairway {

// Removes what attempts left that ended without a commit: prices that a late COMMIT stored,
// attempts that are older than they are kept, row errors beyond a partner's share
// (batch_retention.h). A bounded part at a time. Several processes skip each other's rows. Returns
// the first failure after the remaining steps. Statuses of libs/postgres.
absl::Status CleanUpAttempts(postgres::Pool& pool, const Deadline& deadline);

// Removes row errors of `partner` beyond its share, those of its oldest attempts first. Called when
// new ones are stored, so that their table does not grow between two sweeps.
void DropErrorsBeyondShare(pqxx::transaction_base& tx, const std::string& partner);

}  // namespace fairway
