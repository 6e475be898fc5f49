#include "services/cli/shell/session.h"

#include <CLI/CLI.hpp>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Notes the time that a call has, and says how old its answer is.
class FakeService final : public v1::PriceIngestService::Service {
 public:
  FakeService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeService() override { server_->Shutdown(); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  std::string staleness;
  std::chrono::system_clock::duration time_left = {};

 private:
  grpc::Status GetBatch(grpc::ServerContext* context, const v1::GetBatchRequest*,
                        v1::GetBatchResponse*) override {
    time_left = context->deadline() - std::chrono::system_clock::now();
    if (!staleness.empty()) context->AddTrailingMetadata("x-fairway-staleness-ms", staleness);
    return grpc::Status::OK;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class SessionTest : public ::testing::Test {
 protected:
  static bool Parses(Session& session, const std::string& arguments) {
    CLI::App app;
    session.AddOptions(app);
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  }
  void Connect() { ASSERT_TRUE(Parses(session_, "--ingest-address " + service_.address())); }
  absl::Status Ask() {
    return session_.Call(&IngestStub::GetBatch, v1::GetBatchRequest()).status();
  }
  // What calls whose answers are so old print.
  std::string Printed(const std::string& staleness, int calls = 1) {
    Session session;
    EXPECT_TRUE(Parses(session, "--ingest-address " + service_.address()));
    service_.staleness = staleness;
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < calls; ++i) {
      FAIRWAY_EXPECT_OK(session.Call(&IngestStub::GetBatch, v1::GetBatchRequest()));
    }
    return ::testing::internal::GetCapturedStderr();
  }

  FakeService service_;
  Session session_;
};

TEST_F(SessionTest, ACallHasTheTimeOfTheOption) {
  ASSERT_TRUE(
      Parses(session_, absl::StrCat("--timeout 300 --ingest-address ", service_.address())));
  FAIRWAY_EXPECT_OK(Ask());
  EXPECT_GT(service_.time_left, std::chrono::seconds(200));
  EXPECT_LE(service_.time_left, std::chrono::seconds(301));
}

TEST_F(SessionTest, OptionsHaveTheirBounds) {
  Session session;
  EXPECT_TRUE(Parses(session, "--timeout 1"));
  EXPECT_TRUE(Parses(session, "--timeout 3600"));
  EXPECT_FALSE(Parses(session, "--timeout 0"));
  EXPECT_FALSE(Parses(session, "--timeout 3601"));
  EXPECT_FALSE(Parses(session, "--query-address nonsense"));
  EXPECT_FALSE(Parses(session, "--ingest-address nonsense"));
}

TEST_F(SessionTest, OptionsComeFromTheEnvironmentToo) {
  const auto parses_with = [](const char* name, const std::string& value) {
    Session session;
    setenv(name, value.c_str(), 1);
    const bool parses = Parses(session, "");
    unsetenv(name);
    return parses;
  };
  EXPECT_FALSE(parses_with("FAIRWAY_TIMEOUT", "0"));
  EXPECT_FALSE(parses_with("FAIRWAY_QUERY_ADDRESS", "nonsense"));
  EXPECT_FALSE(parses_with("FAIRWAY_INGEST_ADDRESS", "nonsense"));
}

TEST_F(SessionTest, AnAnswerThatMayBeOldIsReportedOnce) {
  EXPECT_THAT(Printed(""), IsEmpty());
  EXPECT_THAT(Printed("999"), IsEmpty());
  EXPECT_THAT(Printed("x"), IsEmpty());
  EXPECT_THAT(Printed("1000"), HasSubstr("may be 1 s old: fairway-ingest has not caught up"));
  const std::string twice = Printed("2500", 2);
  EXPECT_THAT(twice, HasSubstr("may be 2 s old"));
  EXPECT_EQ(twice.find("old"), twice.rfind("old"));
}

TEST_F(SessionTest, AServiceThatIsNotThereIsNamed) {
  std::string address;
  {
    const FakeService gone;
    address = gone.address();
  }
  ASSERT_TRUE(Parses(session_, "--ingest-address " + address));
  const absl::Status status = Ask();
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("fairway-ingest cannot be reached at"), HasSubstr(address)));
}

TEST_F(SessionTest, ServicesAreNotReachedThroughAProxy) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  Connect();
  const absl::Status status = Ask();
  unsetenv("http_proxy");
  FAIRWAY_EXPECT_OK(status);
}

}  // namespace
}  // namespace fairway::cli
