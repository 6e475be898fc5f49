#include "services/query/server.h"

#include <grpcpp/create_channel.h>

#include <memory>
#include <mutex>
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
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

class RecordedReadiness final : public rpc::Readiness {
 public:
  void SetReady() override { Add("ready"); }
  void SetNotReady(const absl::Status& why) override { Add(ReasonOf(why)); }

  std::vector<std::string> reports() const {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

 private:
  void Add(std::string report) {
    const std::lock_guard lock(mutex_);
    reports_.push_back(std::move(report));
  }

  mutable std::mutex mutex_;
  std::vector<std::string> reports_;
};

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
  QueryServer query_{OptionsOf(GetParam()), Unreachable(), &logger_};
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

}  // namespace
}  // namespace fairway::query
