#include "tests/support/test_cluster.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

#include "libs/base/check.h"
#include "libs/base/status_macros.h"
#include "libs/postgres/copy_session.h"
#include "tests/support/loopback.h"

namespace fairway::testing {
namespace {

constexpr const char* kScript = FAIRWAY_SOURCE_DIR "/ci/pg_cluster";
constexpr absl::Duration kBootTimeout = absl::Seconds(90);
constexpr absl::Duration kStopTimeout = absl::Seconds(30);

absl::Status BootFailure(absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat(what,
                   "\nIts output is above. To repair it: apt-get install postgresql-15, and check "
                   "that this prints 'ready':\n  ",
                   kScript, " run $(mktemp -d) --throwaway"));
}

// Starts the script; `output` becomes the reading end of its standard output.
pid_t StartScript(const std::string& folder, const std::vector<std::string>& flags, int& output) {
  std::vector<const char*> arguments = {kScript, "run", folder.c_str()};
  for (const std::string& flag : flags) arguments.push_back(flag.c_str());
  arguments.push_back(nullptr);
  int ends[2];
  FAIRWAY_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const pid_t parent = getpid();
  const pid_t child = fork();
  FAIRWAY_CHECK(child >= 0);
  if (child == 0) {
    // A test program that is killed must not leave a server behind.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1);
    dup2(ends[1], STDOUT_FILENO);
    execv(kScript, const_cast<char* const*>(arguments.data()));
    _exit(127);
  }
  close(ends[1]);
  output = ends[0];
  return child;
}

// The first line that begins with "ready "; empty when the script ends or time is up before it.
std::string ReadReadyLine(int output) {
  const absl::Time deadline = absl::Now() + kBootTimeout;
  std::string text;
  while (absl::Now() < deadline) {
    pollfd entry = {.fd = output, .events = POLLIN, .revents = 0};
    if (poll(&entry, 1, /*timeout=*/1000) <= 0) continue;
    char byte;
    if (read(output, &byte, 1) != 1) return "";
    if (byte != '\n') {
      text.push_back(byte);
    } else if (absl::StartsWith(text, "ready ")) {
      return text;
    } else {
      text.clear();
    }
  }
  return "";
}

// False when the process is still there in the end.
bool WaitForEnd(pid_t process) {
  const absl::Time deadline = absl::Now() + kStopTimeout;
  while (absl::Now() < deadline) {
    const pid_t ended = waitpid(process, nullptr, WNOHANG);
    if (ended == process || (ended < 0 && errno == ECHILD)) return true;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return false;
}

absl::StatusOr<pid_t> PostmasterOf(const postgres::ConnectionOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<postgres::CopySession> session,
                   postgres::CopySession::Open(options, absl::Now() + kStopTimeout));
  ASSIGN_OR_RETURN(const auto folder, session->QueryValue("SHOW data_directory"));
  std::ifstream file(absl::StrCat(folder.value_or(""), "/postmaster.pid"));
  pid_t postmaster = 0;
  if (!(file >> postmaster)) return absl::InternalError("cannot read postmaster.pid");
  return postmaster;
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  std::ifstream file(absl::StrCat("/proc/", process, "/task/", process, "/children"));
  std::vector<pid_t> children;
  for (pid_t child; file >> child;) children.push_back(child);
  return children;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TestCluster>> TestCluster::Start() { return StartIn({}); }

absl::StatusOr<std::unique_ptr<TestCluster>> TestCluster::StartWithTls() {
  constexpr int kPortsMax = 5;  // Another program may take one first.
  for (int i = 1;; ++i) {
    auto cluster = StartIn({"--tls", "localhost", "--port", FreePort()});
    if (cluster.ok() || i == kPortsMax) return cluster;
  }
}

absl::StatusOr<std::unique_ptr<TestCluster>> TestCluster::StartIn(std::vector<std::string> flags) {
  std::string folder = (std::filesystem::temp_directory_path() / "fairway-test-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return absl::ErrnoToStatus(errno, "mkdtemp");
  std::unique_ptr<TestCluster> cluster(new TestCluster(std::move(folder)));
  std::move(flags.begin(), flags.end(), std::back_inserter(cluster->flags_));
  RETURN_IF_ERROR(cluster->Boot());
  return cluster;
}

TestCluster::~TestCluster() {
  Stop(SIGTERM);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::Status TestCluster::Boot() {
  int output = -1;
  script_ = StartScript(folder_, flags_, output);
  const std::string line = ReadReadyLine(output);
  close(output);
  // "ready <socket folder> <port>"
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words.size() != 3 || !absl::SimpleAtoi(words[2], &port_)) {
    Stop(SIGTERM);
    return BootFailure(absl::StrCat(kScript, " did not start a cluster."));
  }
  socket_folder_ = words[1];
  return absl::OkStatus();
}

void TestCluster::Stop(int signal) {
  if (script_ < 0) return;
  kill(script_, signal);
  if (!WaitForEnd(script_)) {
    kill(script_, SIGKILL);
    WaitForEnd(script_);
  }
  script_ = -1;
}

postgres::ConnectionOptions TestCluster::options(absl::string_view database) const {
  postgres::ConnectionOptions options;
  options.host = socket_folder_;
  options.port = absl::StrCat(port_);
  options.user = "postgres";
  options.database = std::string(database);
  options.application_name = "fairway-test";
  return options;
}

postgres::ConnectionOptions TestCluster::tls_options(absl::string_view database) const {
  postgres::ConnectionOptions tls = options(database);
  tls.host = "localhost";
  std::getline(std::ifstream(absl::StrCat(folder_, "/password")) >> std::ws, tls.password);
  tls.ssl_mode = "verify-full";
  tls.ssl_root_cert = absl::StrCat(folder_, "/ca.crt");
  return tls;
}

absl::Status TestCluster::Kill() {
  ASSIGN_OR_RETURN(const pid_t postmaster, PostmasterOf(options("postgres")));
  const std::vector<pid_t> backends = ChildrenOf(postmaster);
  if (kill(postmaster, SIGKILL) != 0) return absl::ErrnoToStatus(errno, "kill the server");
  for (const pid_t backend : backends) kill(backend, SIGKILL);
  // The script ends with its server, and by then nothing of it is left.
  if (!WaitForEnd(script_)) return absl::InternalError("pg_cluster outlives its server");
  script_ = -1;
  return absl::OkStatus();
}

absl::Status TestCluster::Restart() { return Boot(); }

namespace {
std::unique_ptr<TestCluster>& ClusterOfThisProgram() {
  static std::unique_ptr<TestCluster> cluster;
  return cluster;
}
}  // namespace

TestCluster& Cluster() {
  FAIRWAY_CHECK(ClusterOfThisProgram() != nullptr);
  return *ClusterOfThisProgram();
}

void SetCluster(std::unique_ptr<TestCluster> cluster) {
  ClusterOfThisProgram() = std::move(cluster);
}

}  // namespace fairway::testing
