#include "tests/support/test_database.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/copy_session.h"
#include "tests/support/test_cluster.h"

namespace fairway::testing {
namespace {

constexpr absl::Duration kAdministerTimeout = absl::Seconds(60);
constexpr absl::string_view kEmptyTemplate = "template0";
constexpr absl::string_view kMaintenanceDatabase = "postgres";

absl::Status Administer(absl::string_view sql) {
  ASSIGN_OR_RETURN(const std::unique_ptr<postgres::CopySession> session,
                   postgres::CopySession::Open(Cluster().options(kMaintenanceDatabase),
                                               absl::Now() + kAdministerTimeout));
  return session->Execute(sql);
}

absl::Status Create(absl::string_view name, absl::string_view template_name) {
  // Copying files takes a third of the time of copying by the log, which is the default.
  return Administer(
      absl::StrCat("CREATE DATABASE ", name, " TEMPLATE ", template_name, " STRATEGY file_copy"));
}

absl::Status PrepareTemplate(absl::string_view name, TestDatabase::Prepare prepare) {
  ASSIGN_OR_RETURN(const std::unique_ptr<postgres::CopySession> session,
                   postgres::CopySession::Open(Cluster().options(kMaintenanceDatabase),
                                               absl::Now() + kAdministerTimeout));
  ASSIGN_OR_RETURN(
      const auto exists,
      session->QueryValue(absl::StrCat("SELECT 1 FROM pg_database WHERE datname = '", name, "'")));
  if (exists.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(Create(name, kEmptyTemplate));
  return prepare(Cluster().options(name));
}

void StopUnlessOk(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "[  FAILED  ] cannot make a test database: %s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

TestDatabase::TestDatabase() : TestDatabase(kEmptyTemplate) {}

TestDatabase::TestDatabase(absl::string_view template_name) {
  static std::atomic<int> last_number = 0;
  name_ = absl::StrCat("test_", ++last_number);
  StopUnlessOk(Create(name_, template_name));
}

TestDatabase TestDatabase::CreateFrom(absl::string_view template_name, Prepare prepare) {
  StopUnlessOk(PrepareTemplate(template_name, prepare));
  return TestDatabase(template_name);
}

TestDatabase::TestDatabase(TestDatabase&& other) noexcept
    : name_(std::exchange(other.name_, std::string())) {}

TestDatabase::~TestDatabase() {
  if (name_.empty()) return;
  const absl::Status status =
      Administer(absl::StrCat("DROP DATABASE IF EXISTS ", name_, " WITH (FORCE)"));
  // The cluster goes with the program anyway; a test may have killed it.
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
}

postgres::ConnectionOptions TestDatabase::options() const { return Cluster().options(name_); }

}  // namespace fairway::testing
