#include <array>
#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/rpc/server/testing/outbound_stream_fixture.h"

namespace fairway::rpc {
namespace {

OpenStreams::Options Few(int streams, absl::Duration unread_max) {
  return {.streams_max = streams,
          .per_address_max = streams,
          .per_connection_max = streams,
          .unread_max = unread_max};
}

using UnreadStreamTest = OutboundStreamFixture;

TEST_F(UnreadStreamTest, ASlowClientHoldsOneMessageBack) {
  service_.make = [](v1::WatchCommitsResponse& message) {
    message.mutable_commit()->set_label(std::string(1 << 20, 'x'));
    return Step::kMessage;
  };
  grpc::ClientContext context;
  const auto reader = stub_->WatchCommits(&context, {});
  v1::WatchCommitsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const int asked = service_.asked;
  // What flow control lets through: megabytes, and not one for each time we look.
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_LE(service_.asked, asked + 16);
  context.TryCancel();
  reader->Finish();
}

TEST_F(UnreadStreamTest, AClientThatReadsNothingLosesItsStream) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "every byte that crosses gRPC makes a report, and there are megabytes";
#endif
  service_.open.emplace(Few(16, absl::Milliseconds(80)), &service_.clock);
  service_.make = [](v1::WatchCommitsResponse& message) {
    message.mutable_commit()->set_label(std::string(1 << 20, 'x'));
    return Step::kMessage;
  };
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
  const auto reader = stub_->WatchCommits(&context, {});
  AwaitAsked(1);
  const absl::Time start = absl::Now();
  server_->Shutdown(absl::Seconds(60));  // Waits for every stream.
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
  EXPECT_FALSE(reader->Finish().ok());
}

TEST_F(UnreadStreamTest, AClientThatReadsKeepsItsStream) {
  const absl::Duration unread_max = absl::Milliseconds(500);
  const absl::Time end = absl::Now() + unread_max * 1.2;
  service_.open.emplace(Few(16, unread_max), &service_.clock);
  service_.make = [end](v1::WatchCommitsResponse& message) {
    message.set_version(1);
    return absl::Now() < end ? Step::kMessage : Step::kEnd;
  };
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), "");
}

TEST_F(UnreadStreamTest, OnlyAFewAreOpen) {
  service_.open.emplace(Few(2, absl::Seconds(60)), &service_.clock);
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kWait; };
  std::array<grpc::ClientContext, 2> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchCommitsResponse>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(stub_->WatchCommits(&context, {}));
  }
  AwaitAsked(2);
  std::vector<int64_t> versions;
  EXPECT_EQ(ReasonAfterReading(versions), reasons::kOverloaded);
  for (size_t i = 0; i < contexts.size(); ++i) {
    contexts[i].TryCancel();
    readers[i]->Finish();
  }
  service_.make = [](v1::WatchCommitsResponse&) { return Step::kEnd; };
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (ReasonAfterReading(versions) == reasons::kOverloaded && absl::Now() < deadline) {
  }
  EXPECT_LT(absl::Now(), deadline) << "those that are gone make room";
}

}  // namespace
}  // namespace fairway::rpc
