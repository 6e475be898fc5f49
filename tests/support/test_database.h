#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/postgres/connection_options.h"

namespace fairway::testing {

// A database of one test's own in Cluster(), dropped with this object (open sessions or not). A
// program that cannot make one stops: no test is skipped for want of a database.
class TestDatabase {
 public:
  using Prepare = absl::FunctionRef<absl::Status(const postgres::ConnectionOptions&)>;

  // An empty one.
  TestDatabase();
  // A copy of the database `template_name`, which `prepare` fills when this program asks for it
  // first. Copying takes a fraction of the time of preparing (migrating) anew. `prepare` must leave
  // no session behind.
  static TestDatabase CreateFrom(absl::string_view template_name, Prepare prepare);

  ~TestDatabase();
  TestDatabase(TestDatabase&& other) noexcept;
  TestDatabase& operator=(TestDatabase&&) = delete;

  postgres::ConnectionOptions options() const;
  const std::string& name() const { return name_; }

 private:
  explicit TestDatabase(absl::string_view template_name);

  std::string name_;  // Empty when moved away.
};

}  // namespace fairway::testing
