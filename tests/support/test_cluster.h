#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/postgres/connection_options.h"

namespace fairway::testing {

// A PostgreSQL cluster of this program's own, in a temporary folder, reached by a Unix socket. Made
// by ci/pg_cluster; removed with this object, or when this program ends in any way.
class TestCluster {
 public:
  // Boots it. The error names the command that repairs the machine.
  static absl::StatusOr<std::unique_ptr<TestCluster>> Start();
  // One that also listens on localhost, with passwords, and TLS for that name.
  static absl::StatusOr<std::unique_ptr<TestCluster>> StartWithTls();
  ~TestCluster();
  TestCluster(const TestCluster&) = delete;
  TestCluster& operator=(const TestCluster&) = delete;

  postgres::ConnectionOptions options(absl::string_view database) const;
  // By way of localhost, with the superuser's password, for a cluster with TLS.
  postgres::ConnectionOptions tls_options(absl::string_view database) const;

  // Kills the server as a power cut would, with every session. What was committed is there again
  // after Restart().
  absl::Status Kill();
  absl::Status Restart();

 private:
  explicit TestCluster(std::string folder) : folder_(std::move(folder)) {}

  static absl::StatusOr<std::unique_ptr<TestCluster>> StartIn(std::vector<std::string> flags);

  absl::Status Boot();
  void Stop(int signal);

  const std::string folder_;
  std::vector<std::string> flags_ = {"--throwaway"};  // Of ci/pg_cluster run.
  pid_t script_ = -1;                                 // ci/pg_cluster, while it runs.
  std::string socket_folder_;
  int port_ = 0;
};

// The cluster main() started for this program.
TestCluster& Cluster();
// For main() alone.
void SetCluster(std::unique_ptr<TestCluster> cluster);

}  // namespace fairway::testing
