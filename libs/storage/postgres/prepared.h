#pragma once

#include <string>
#include <utility>

// For the .cc files of this folder.
namespace fairway {

// Runs a statement that every upload runs, in a pqxx::transaction_base: PostgreSQL parses and plans
// it once per session, whatever becomes of the tables, so it should find single rows by a key.
// `name` stands for the same `sql` everywhere.
template <typename Transaction, typename... Args>
auto ExecPrepared(Transaction& tx, const std::string& name, const std::string& sql,
                  Args&&... args) {
  tx.conn().prepare(name, sql);
  return tx.exec_prepared(name, std::forward<Args>(args)...);
}

}  // namespace fairway
