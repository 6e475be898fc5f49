#pragma once

#include <type_traits>
#include <utility>

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/status.h"

// For the .cc files of this folder.
namespace fairway {

// Runs `body`, which returns a StatusOr, in a read-only transaction whose statements all see the
// same state of the database. Returns what the body returned; errors are those of ToStoreStatus().
template <typename Body>
auto ReadInSnapshot(postgres::Pool& pool, const Deadline& deadline, Body body)
    -> std::invoke_result_t<Body&, pqxx::transaction_base&> {
  auto result = postgres::RunTransaction(pool, postgres::ReadOnlySnapshot(deadline), body);
  if (!result.ok()) return ToStoreStatus(result.status());
  return result;
}

}  // namespace fairway
