#include "services/query/server.h"

#include <grpcpp/create_channel.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"
#include "services/query/database_stores.h"
#include "services/query/testing/recorded_readiness.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

// The service put together, with a database that cannot be reached.
class QueryServerTest : public ::testing::TestWithParam<const char*> {
 protected:
  static postgres::ConnectionOptions Unreachable() {
    postgres::ConnectionOptions connection;
    connection.host = ::testing::TempDir() + "no-such-folder";
    return connection;
  }
  static Options OptionsOf(const std::string& engine) {
    Options options;
    options.engine = engine;
    return options;
  }

  std::string ReasonOfWatch() {
    grpc::ClientContext context;
    const auto reader = stub_->WatchCommits(&context, {});
    v1::WatchCommitsResponse response;
    while (reader->Read(&response)) {
    }
    return ReasonOf(rpc::FromGrpcStatus(reader->Finish()));
  }

  std::ostringstream log_;
  const observability::Logger logger_{"query", observability::LogLevel::kError, log_};
  RecordedReadiness readiness_;
  const SystemClock clock_;
  QueryServer query_{OptionsOf(GetParam()),
                     std::make_unique<DatabaseStores>(Unreachable(), 4, &clock_), &clock_,
                     &logger_};
  std::unique_ptr<rpc::Server> server_ =
      rpc::Server::Start(query_.server_options(), query_.rpcs(), query_.rpcs_name()).value();
  std::unique_ptr<v1::RateQueryService::Stub> stub_ =
      v1::RateQueryService::NewStub(grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                                        grpc::InsecureChannelCredentials()));
};

INSTANTIATE_TEST_SUITE_P(Engines, QueryServerTest, ::testing::Values("memory", "sql"));

TEST_P(QueryServerTest, WatchesEndOnlyWhenItIsDrained) {
  query_.BeginDrain();
  EXPECT_EQ(ReasonOfWatch(), reasons::kDatabaseUnavailable) << "clients still move";
  query_.EndStreams();
  EXPECT_EQ(ReasonOfWatch(), reasons::kDraining);
}

TEST_P(QueryServerTest, ServesOnUntilTheEndOfTheDrain) {
  const absl::Time deadline = absl::Now() + absl::Milliseconds(20);
  query_.AwaitDrained(deadline);
  EXPECT_GE(absl::Now(), deadline);
}

TEST_P(QueryServerTest, RequestsAreBoundedAsTheContractSays) {
  EXPECT_EQ(query_.server_options().message_bytes_max, limits::kQueryRequestBytesMax);
}

// Beyond that, its client's own library would hold calls back, and nobody would say why.
TEST_P(QueryServerTest, TheStreamsOfAConnectionLeaveRoomForItsCalls) {
  EXPECT_LE(limits::kOpenWatchesPerConnectionMax + limits::kOpenExportsPerConnectionMax,
            query_.server_options().concurrent_streams_max * 7 / 8);
}

TEST_P(QueryServerTest, AConnectionClosesLaterThanTheLongestExport) {
  EXPECT_GE(query_.server_options().connection_age_grace, limits::kExportTimeMax);
}

TEST_P(QueryServerTest, IsReadyAtOnceOrWithItsFirstBook) {
  query_.Begin(readiness_);
  if (GetParam() == std::string("sql")) {
    EXPECT_THAT(readiness_.reports(), ElementsAre("ready"));
    return;
  }
  EXPECT_TRUE(Eventually([&] { return readiness_.reports().size() >= 3; })) << "it tries again";
  query_.BeginDrain();
  EXPECT_THAT(readiness_.reports(), ::testing::Contains(reasons::kDatabaseUnavailable));
  EXPECT_THAT(readiness_.reports(), ::testing::Not(::testing::Contains("ready")));
}

class MakeQueryServerTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<QueryServer>> Make(const Options& options) {
    return QueryServer::Make(options, &clock_, &logger_);
  }
  // By pool.
  static std::map<std::string, double> ConnectionsMax(QueryServer& query) {
    std::map<std::string, double> connections;
    for (const auto& source : query.metric_sources()) {
      for (const prometheus::MetricFamily& family : source->Collect()) {
        if (family.name != "fairway_pool_connections_max") continue;
        for (const prometheus::ClientMetric& metric : family.metric) {
          connections[metric.label.at(0).value] = metric.gauge.value;
        }
      }
    }
    return connections;
  }

  const SystemClock clock_;
  std::ostringstream log_;
  const observability::Logger logger_{"query", observability::LogLevel::kError, log_};
};

TEST_F(MakeQueryServerTest, EachThreadThatMayAskForAConnectionHasOne) {
  for (const int calls_max : {1, 8}) {
    Options options;
    options.connections_max = calls_max;
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto query, Make(options));
    EXPECT_THAT(ConnectionsMax(*query),
                ElementsAre(::testing::Pair("book", 1),
                            ::testing::Pair("calls", Executors::DatabaseThreads(calls_max))));
  }
}

TEST_F(MakeQueryServerTest, ADatabaseIsNamed) {
  Options options;
  options.service.database.port = "5432,5433";
  EXPECT_THAT(Make(options), testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace fairway::query
