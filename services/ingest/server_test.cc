#include "services/ingest/server.h"

#include <grpcpp/create_channel.h>
#include <prometheus/text_serializer.h>

#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/http/testing/canned_server.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The service put together, with a database that cannot be reached.
class IngestServerTest : public ::testing::Test {
 protected:
  static postgres::ConnectionOptions Unreachable() {
    postgres::ConnectionOptions connection;
    connection.host = ::testing::TempDir() + "no-such-folder";
    return connection;
  }

  std::string ReasonOfUpload() {
    grpc::ClientContext context;
    v1::UploadBatchResponse response;
    const auto writer = stub_->UploadBatch(&context, &response);
    v1::UploadBatchRequest request;
    request.mutable_header()->set_partner("acme");
    request.mutable_header()->set_batch_id("batch-1");
    writer->Write(request);
    writer->WritesDone();
    return ReasonOf(rpc::FromGrpcStatus(writer->Finish()));
  }

  std::string Metrics() {
    std::string text;
    for (const auto& source : ingest_.metric_sources()) {
      text += prometheus::TextSerializer().Serialize(source->Collect());
    }
    return text;
  }

  std::ostringstream log_;
  const observability::Logger logger_{"ingest", observability::LogLevel::kInfo, log_};
  IngestServer ingest_{Options{.uploads_max = 5, .connections_max = 3}, Unreachable(), &logger_};
  std::unique_ptr<rpc::Server> server_ =
      rpc::Server::Start(ingest_.server_options(), ingest_.rpcs(), ingest_.rpcs_name()).value();
  std::unique_ptr<v1::PriceIngestService::Stub> stub_ =
      v1::PriceIngestService::NewStub(grpc::CreateChannel(
          absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
};

TEST_F(IngestServerTest, UploadsAreRefusedOnceItDrains) {
  EXPECT_EQ(ReasonOfUpload(), reasons::kDatabaseUnavailable);
  ingest_.BeginDrain();
  EXPECT_EQ(ReasonOfUpload(), reasons::kDraining);
  ingest_.AwaitDrained(absl::InfiniteFuture());  // No upload runs.
  EXPECT_THAT(log_.str(), AllOf(HasSubstr("refusing new uploads"), Not(HasSubstr("cut off"))));
}

struct FakeReadiness final : rpc::Readiness {
  void SetReady() override { is_ready = true; }
  void SetNotReady(const absl::Status&) override { is_ready = false; }
  bool is_ready = false;
};

TEST_F(IngestServerTest, IsReadyAtOnceAndSweeps) {
  FakeReadiness readiness;
  ingest_.Begin(readiness);
  EXPECT_TRUE(readiness.is_ready);
  EXPECT_TRUE(Eventually(
      [&] { return Metrics().find("operation=\"sweep_batches\"} 1") != std::string::npos; }));
  ingest_.StopTasks();
}

TEST_F(IngestServerTest, HasRoomForLargeMessagesOfFewUploads) {
  EXPECT_EQ(ingest_.server_options().concurrent_streams_max, 64);
  EXPECT_EQ(ingest_.server_options().stream_window_bytes, 1 << 20);
}

TEST_F(IngestServerTest, ItsMetricsHaveItsOptions) {
  EXPECT_THAT(Metrics(), AllOf(HasSubstr("fairway_uploads_max 5\n"),
                               HasSubstr("fairway_pool_connections_max{pool=\"calls\"} 3\n"),
                               HasSubstr("fairway_batches_total{outcome=\"swept\"} 0\n")));
}

TEST_F(IngestServerTest, AConnectionClosesLaterThanTheLongestUpload) {
  EXPECT_GT(ingest_.server_options().connection_age_grace, limits::kUploadTimeMax);
}

TEST_F(IngestServerTest, TheWaitForTheDatabaseSaysWhyAndEndsByAStop) {
  std::stop_source stop;
  int reports = 0;
  EXPECT_FALSE(ingest_.AwaitDatabase(stop.get_token(), [&](const absl::Status& why) {
    ++reports;
    EXPECT_FALSE(why.ok());
    stop.request_stop();
  }));
  EXPECT_EQ(reports, 1);
}

// A server like it on ECS, with an agent.
class IngestServerOnEcsTest : public IngestServerTest {
 protected:
  void Use(std::vector<std::string> answers) {
    agent_.emplace(std::move(answers));
    on_ecs_.emplace(Options{.ecs_agent_uri = agent_->url()}, Unreachable(), &logger_);
    server_ = rpc::Server::Start(on_ecs_->server_options(), on_ecs_->rpcs(), on_ecs_->rpcs_name())
                  .value();
    stub_ = v1::PriceIngestService::NewStub(server_->InProcessChannel());
  }
  ~IngestServerOnEcsTest() override { server_.reset(); }

  std::optional<http::CannedServer> agent_;
  std::optional<IngestServer> on_ecs_;
};

TEST_F(IngestServerOnEcsTest, TheAgentIsAskedToKeepTheTask) {
  Use({"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(ReasonOfUpload(), reasons::kDatabaseUnavailable);
  ASSERT_EQ(agent_->requests().size(), 1);
  EXPECT_THAT(agent_->requests()[0], HasSubstr("PUT /task-protection/v1/state"));
}

TEST_F(IngestServerOnEcsTest, UploadsThatRunAreCutOffAtTheEndOfTheDrain) {
  Use({});  // The agent never answers, so that an upload holds its place.
  auto upload = std::async(std::launch::async, [&] { return ReasonOfUpload(); });
  EXPECT_TRUE(Eventually([&] {
    on_ecs_->AwaitDrained(absl::InfinitePast());
    return log_.str().find("uploads are cut off") != std::string::npos;
  }));
  agent_.reset();
  EXPECT_EQ(upload.get(), reasons::kDatabaseUnavailable);
}

}  // namespace
}  // namespace fairway::ingest
