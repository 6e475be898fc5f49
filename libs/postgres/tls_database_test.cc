#include <libpq-fe.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/notification_listener.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/server_probe.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

// A server whose certificate has the name "localhost", and no address.
class TlsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(cluster_, testing::TestCluster::StartWithTls());
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  void ExpectRefused(const ConnectionOptions& options, const std::string& why) {
    EXPECT_THAT(Connect(options, Soon()), StatusIs(absl::StatusCode::kUnavailable, HasSubstr(why)));
  }
  // Sessions of `application` that are open, as "encrypted,in clear".
  std::string SessionsOf(const std::string& application) {
    return testing::QueryText(
        cluster_->options("postgres"),
        absl::StrCat("SELECT count(*) FILTER (WHERE ssl) || ',' || count(*) FILTER (WHERE NOT ssl) "
                     "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                     "WHERE application_name = '",
                     application, "'"));
  }

  static inline std::unique_ptr<testing::TestCluster> cluster_;
  ConnectionOptions options_ = cluster_->tls_options("postgres");
};

TEST_F(TlsTest, TheNameIsComparedThoughTheAddressIsConnectedTo) {
  EXPECT_THAT(Connect(options_, Soon()), testing::IsOk());
  // The same server, by another name.
  options_.host = "127.0.0.1";
  ExpectRefused(options_, "does not match host name \"127.0.0.1\"");
  options_.ssl_mode = "verify-ca";
  EXPECT_THAT(Connect(options_, Soon()), testing::IsOk());
}

TEST_F(TlsTest, EachOfSeveralHostsIsComparedWithItsOwnName) {
  options_.host = "127.0.0.1,localhost";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ConnectionHandle connection, Connect(options_, Soon()));
  EXPECT_STREQ(PQhost(connection.get()), "localhost");
}

TEST_F(TlsTest, ACertificateOfAnotherCaIsRefused) {
  const std::string other = absl::StrCat(::testing::TempDir(), "fairway-other-ca-", getpid());
  ASSERT_EQ(std::system(absl::StrCat("openssl req -x509 -newkey ec -pkeyopt "
                                     "ec_paramgen_curve:prime256v1 -noenc -subj '/CN=CA of the "
                                     "test' -keyout /dev/null -out ",
                                     other, " 2>&1")
                            .c_str()),
            0);
  for (const char* const mode : {"verify-ca", "verify-full"}) {
    options_.ssl_mode = mode;
    options_.ssl_root_cert = other;
    ExpectRefused(options_, "certificate verify failed");
  }
  std::filesystem::remove(other);
}

TEST_F(TlsTest, WithoutItsRootCertificatesNothingIsVerified) {
  options_.ssl_root_cert = "/no/such/root.pem";
  ExpectRefused(options_, "root certificate file \"/no/such/root.pem\" does not exist");
}

TEST_F(TlsTest, AServerWithoutTlsIsRefused) {
  const testing::FaultProxy in_clear(testing::Cluster().options("postgres"));
  ConnectionOptions options = in_clear.options();
  EXPECT_THAT(Connect(options, Soon()), testing::IsOk());
  options.ssl_root_cert = options_.ssl_root_cert;
  for (const char* const mode : {"require", "verify-ca", "verify-full"}) {
    options.ssl_mode = mode;
    ExpectRefused(options, "server does not support SSL");
  }
}

TEST_F(TlsTest, EverySessionHasIt) {
  options_.application_name = "tls-test";
  Pool pool({.connection = options_, .connections_max = 1});
  const auto held = pool.Acquire(Soon());
  FAIRWAY_ASSERT_OK(held.status());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto copy, CopySession::Open(options_, Soon()));
  NotificationListener listener(options_, "news");
  EXPECT_THAT(listener.Wait(Soon()), testing::IsOkAndHolds(true)) << "it listens";
  EXPECT_EQ(SessionsOf("tls-test"), "3,0");
}

TEST_F(TlsTest, AProbeComparesTheName) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ConnectionHandle connection, Connect(options_, Soon()));
  EXPECT_TRUE(ServerAnswers(connection.get(), options_, Soon()));
  ConnectionOptions others = options_;
  others.ssl_root_cert = "/no/such/root.pem";
  EXPECT_FALSE(ServerAnswers(connection.get(), others, Soon()));
}

}  // namespace
}  // namespace fairway::postgres
