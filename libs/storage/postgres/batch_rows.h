#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/domain/batch.h"

namespace pqxx {
class field;
class row;
class transaction_base;
}  // namespace pqxx

// Reading and clearing the rows of fairway.batches. For the .cc files of this folder.
namespace fairway {

// The columns ReadBatch wants, in its order; for SELECT and RETURNING.
extern const char* const kBatchColumns;

// An attempt as it is stored.
struct BatchRow {
  int64_t id;
  BatchRecord record;
};
// DATA_LOSS, with what was found, for a row that this release would not have written.
absl::StatusOr<BatchRow> ReadBatch(const pqxx::row& row);

// Microseconds since 1970, as extract(epoch …) * 1000000 gives them; null is none.
std::optional<absl::Time> ReadTime(const pqxx::field& microseconds);

// A parameter of type timestamptz.
std::string TimeParameter(absl::Time time);

// None when there is no such batch. The errors of ReadBatch().
absl::StatusOr<std::optional<BatchRow>> FindBatch(pqxx::transaction_base& tx, const BatchKey& key);
absl::StatusOr<std::optional<BatchRow>> FindBatch(pqxx::transaction_base& tx, int64_t id);
// The same with a lock: no other transaction changes the row before `tx` ends.
absl::StatusOr<std::optional<BatchRow>> LockBatch(pqxx::transaction_base& tx, const BatchKey& key);

// Removes the prices and errors of an attempt that ends or is replaced, and schedules another look
// of the sweep for prices that a late COMMIT stores.
void ClearAttempt(pqxx::transaction_base& tx, int64_t id);

}  // namespace fairway
