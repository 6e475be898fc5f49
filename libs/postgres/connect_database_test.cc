#include <libpq-fe.h>

#include <stop_token>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/connect.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/test_database.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOk;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Nobody listens there: the ports are the Internet's "discard" and "systat".
constexpr absl::string_view kRefusing = "127.0.0.1";

class ConnectTest : public ::testing::Test {
 protected:
  // Two hosts: whoever listens on `first` of loopback, and then the proxy.
  ConnectionOptions Two(absl::string_view first, const FaultProxy& second) {
    ConnectionOptions options = second.options();
    options.host = absl::StrCat(kRefusing, ",", options.host);
    options.port = absl::StrCat(first, ",", options.port);
    return options;
  }

  TestDatabase database_;
  FaultProxy silent_{database_.options()};
  FaultProxy well_{database_.options()};
};

TEST_F(ConnectTest, ARefusingHostIsPassedOver) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ConnectionHandle connection, Connect(Two("9", well_), Soon()));
  EXPECT_EQ(PQport(connection.get()), well_.options().port);
}

TEST_F(ConnectTest, ASilentHostCostsAMomentAndThenNothing) {
  silent_.Stall();
  ConnectionOptions options = Two(silent_.options().port, well_);
  options.connect_timeout = absl::Seconds(30);
  const absl::Time start = absl::Now();
  FAIRWAY_ASSERT_OK(Connect(options, Soon()));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  // The good one is known, also to whoever has a copy of these options.
  const ConnectionOptions copy = options;
  FAIRWAY_ASSERT_OK(Connect(copy, Soon()));
  EXPECT_THAT(copy.last_good->Get(), HasSubstr(well_.options().port));
  // And no more than that: when it goes, the other one is asked again.
  well_.Refuse();
  silent_.Pass();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ConnectionHandle connection, Connect(options, Soon()));
  EXPECT_EQ(PQport(connection.get()), silent_.options().port);
}

TEST_F(ConnectTest, AServerThatCannotWriteIsNotForWriters) {
  // What is read-only by default looks like a standby to a client that wants to write.
  TestDatabase standby;
  testing::Execute(database_.options(), absl::StrCat("ALTER DATABASE ", standby.name(),
                                                     " SET default_transaction_read_only = on"));
  ConnectionOptions options = standby.options();
  EXPECT_THAT(Connect(options, Soon()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("read-only")));
  options.read_write = false;
  EXPECT_THAT(Connect(options, Soon()), IsOk());
}

TEST_F(ConnectTest, WhyNoHostIsGoodIsSaidOfEach) {
  ConnectionOptions options = Two("9", well_);
  options.port = "9,11";
  EXPECT_THAT(Connect(options, Soon()),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr("127.0.0.1:9: "), HasSubstr("127.0.0.1:11: "))));
}

TEST_F(ConnectTest, EachHostHasItsOwnTime) {
  silent_.Stall();
  well_.Stall();
  ConnectionOptions options = Two(silent_.options().port, well_);
  options.connect_timeout = absl::Milliseconds(20);
  EXPECT_THAT(Connect(options, absl::InfiniteFuture()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no answer within 20ms")));
  options.connect_timeout = absl::Seconds(30);
  EXPECT_THAT(Connect(options, absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ConnectTest, ANameStandsForAllItsAddresses) {
  ConnectionOptions options = well_.options();
  options.host = "localhost";  // ::1 as well, where nobody listens.
  EXPECT_THAT(Connect(options, Soon()), IsOk());
}

TEST_F(ConnectTest, AnUnknownNameDoesNotStandInTheWay) {
  ConnectionOptions options = well_.options();
  options.host = "no-such-host.invalid";
  EXPECT_THAT(Connect(options, Soon()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no-such-host.invalid")));
  options.host = absl::StrCat("no-such-host.invalid,", well_.options().host);
  EXPECT_THAT(Connect(options, Soon()), IsOk());
}

// Nothing is waited for but an answer.
TEST_F(ConnectTest, AHostThatFailsAtOnceIsReportedAtOnce) {
  ConnectionOptions options = database_.options();
  options.host += "/nothing-here";
  options.connect_timeout = absl::Seconds(60);
  const absl::Time start = absl::Now();
  EXPECT_THAT(Connect(options, absl::InfiniteFuture()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST_F(ConnectTest, ACallerThatGaveUpGetsThatErrorWhateverItsHosts) {
  ConnectionOptions options = well_.options();
  options.host = "no-such-host.invalid";
  EXPECT_THAT(Connect(options, absl::InfinitePast()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Connect(options, {Soon(), stop.get_token()}), StatusIs(absl::StatusCode::kCancelled));
}

// Else it could name another host, and take the password there.
TEST_F(ConnectTest, ADatabaseNameIsNoConnectionString) {
  ConnectionOptions options = database_.options();
  options.database = absl::StrCat("dbname=", database_.name());
  EXPECT_THAT(Connect(options, Soon()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("does not exist")));
}

TEST_F(ConnectTest, OnePortForAllOrOneForEach) {
  ConnectionOptions options = well_.options();
  options.host = "127.0.0.1,127.0.0.1";
  EXPECT_THAT(Connect(options, Soon()), IsOk());
  options.port = "1,2,3";
  EXPECT_THAT(Connect(options, Soon()), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace fairway::postgres
