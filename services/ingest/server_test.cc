#include "services/ingest/server.h"

#include <grpcpp/create_channel.h>

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::ingest {
namespace {

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

  std::ostringstream log_;
  const observability::Logger logger_{"ingest", observability::LogLevel::kError, log_};
  IngestServer ingest_{Options(), Unreachable(), &logger_};
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

}  // namespace
}  // namespace fairway::ingest
