#include <grpcpp/create_channel.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"
#include "libs/storage/testing/memory_stores.h"
#include "services/query/server.h"
#include "services/query/testing/outage.h"
#include "services/query/testing/recorded_readiness.h"
#include "services/query/testing/small_world.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

// The memory fakes, whose database may be away.
class MemoryStoresWithOutage final : public Stores {
 public:
  MemoryStoresWithOutage(testing::MemoryStores* stores, const std::atomic<bool>* is_away)
      : source_(stores->source()),
        rates_(&stores->rates(), is_away),
        locations_(&stores->locations(), is_away),
        commits_(&stores->commits(), is_away) {}

  RateReader& rates() override { return rates_; }
  LocationReader& locations() override { return locations_; }
  CommitLog& commits() override { return commits_; }
  DatasetSource& source() override { return source_; }
  observability::MetricSources metric_sources() override { return {}; }
  bool AwaitDatabase(const std::stop_token&, const OnWait&) override { return true; }

 private:
  DatasetSource& source_;
  RatesWithOutage rates_;
  LocationsWithOutage locations_;
  CommitsWithOutage commits_;
};

// The service put together, on a clock that stands still unless a test lets time pass: what it
// follows, it was notified of. Version 1 is the small world.
class QueryServerBookTest : public ::testing::Test {
 protected:
  QueryServerBookTest() {
    FAIRWAY_EXPECT_OK(stores_.locations().Import(SmallWorldLocations(), Soon()));
  }
  ~QueryServerBookTest() override {
    if (query_ == nullptr) return;
    query_->EndStreams();
    query_->StopTasks();
  }

  void Make(const Options& options = {}) {
    query_ = std::make_unique<QueryServer>(
        options, std::make_unique<MemoryStoresWithOutage>(&stores_, &is_away_), &clock_, &logger_);
    server_ = rpc::Server::Start({}, query_->rpcs(), query_->rpcs_name()).value();
    stub_ = v1::RateQueryService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  void Begin(const Options& options = {}) {
    Make(options);
    query_->Begin(readiness_);
  }
  void BeginReady(const Options& options = {}) {
    Begin(options);
    ASSERT_TRUE(Eventually([&] { return IsReported("ready"); }));
    // The bell and the follower.
    clock_.AwaitWaiters(/*count=*/2);
  }
  static Options BeyondItsBudget() {
    Options options;
    options.book_bytes_max = 1;
    return options;
  }

  bool IsReported(absl::string_view report) const {
    const std::vector<std::string> reports = readiness_.reports();
    return std::find(reports.begin(), reports.end(), report) != reports.end();
  }
  // The database goes away or comes back, for queries and for the book.
  void SetAway(bool away) {
    is_away_ = away;
    stores_.source().SetAvailable(!away);
  }
  // Until the follower has tried again in vain: it and the bell wait, and it only for its backoff.
  void AwaitFailure() {
    EXPECT_TRUE(Eventually(
        [&] { return clock_.AwaitWaiters(/*count=*/2) - clock_.Now() < absl::Milliseconds(200); }));
  }

  static std::unique_ptr<grpc::ClientContext> NewContext() {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(Soon()));
    return context;
  }
  v1::GetDatasetResponse Dataset() {
    v1::GetDatasetResponse response;
    FAIRWAY_EXPECT_OK(rpc::FromGrpcStatus(stub_->GetDataset(NewContext().get(), {}, &response)));
    return response;
  }
  bool Holds(DatasetVersion version) { return Dataset().held_version() == version; }
  // A watch hears of each of some versions while no time passes.
  void ExpectWatchHears(DatasetVersion newest) {
    const auto context = NewContext();
    v1::WatchCommitsRequest request;
    request.set_after_version(newest - 1);
    const auto reader = stub_->WatchCommits(context.get(), request);
    v1::WatchCommitsResponse message;
    ASSERT_TRUE(reader->Read(&message));
    for (int i = 1; i <= 5; ++i) {
      CommitBatch(i);
      ASSERT_TRUE(reader->Read(&message)) << "nobody woke it";
      EXPECT_EQ(message.version(), newest + i);
    }
    context->TryCancel();
    while (reader->Read(&message)) continue;
    EXPECT_FALSE(reader->Finish().ok());
  }
  void CommitBatch(int number) {
    const auto claim =
        stores_.batches().Claim({"acme", absl::StrCat("batch-", number)}, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(
        claim->writer->Commit({}, (*stores_.locations().ReadTree(Soon()))->version()));
  }
  std::set<std::string> MetricNames() {
    std::set<std::string> names;
    for (const auto& source : query_->metric_sources()) {
      for (const prometheus::MetricFamily& family : source->Collect()) names.insert(family.name);
    }
    return names;
  }

  FakeClock clock_;
  testing::MemoryStores stores_{&clock_};
  std::atomic<bool> is_away_ = false;
  std::ostringstream log_;
  const observability::Logger logger_{"query", observability::LogLevel::kError, log_};
  RecordedReadiness readiness_;
  std::unique_ptr<QueryServer> query_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::RateQueryService::Stub> stub_;
};

TEST_F(QueryServerBookTest, IsReadyOnceWithItsFirstBook) {
  SetAway(true);
  Begin();
  AwaitFailure();
  EXPECT_THAT(readiness_.reports(), ElementsAre("", reasons::kDatabaseUnavailable));
  SetAway(false);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(Eventually([&] { return IsReported("ready"); }));
  CommitBatch(1);
  EXPECT_TRUE(Eventually([&] { return Holds(2); }));
  EXPECT_THAT(readiness_.reports(), ElementsAre("", reasons::kDatabaseUnavailable, "ready"));
}

TEST_F(QueryServerBookTest, StaysReadyInAnOutageWhileItHoldsABook) {
  BeginReady();
  SetAway(true);
  clock_.Advance(absl::Seconds(1));
  AwaitFailure();
  EXPECT_THAT(readiness_.reports(), ElementsAre("", "ready"));
  EXPECT_EQ(Dataset().held_version(), 1);
  v1::GetLocationRequest location;
  location.set_code("CNSHA");
  v1::GetLocationResponse response;
  FAIRWAY_EXPECT_OK(
      rpc::FromGrpcStatus(stub_->GetLocation(NewContext().get(), location, &response)));
  SetAway(false);
  CommitBatch(1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(Eventually([&] { return Holds(2); }));
}

TEST_F(QueryServerBookTest, BeyondItsBudgetTheDatabaseAnswersAndItIsReady) {
  BeginReady(BeyondItsBudget());
  EXPECT_EQ(Dataset().engine(), "sql (the book exceeds --book-bytes-max)");
  SetAway(true);
  clock_.Advance(absl::Seconds(1));
  AwaitFailure();
  EXPECT_THAT(readiness_.reports(), ElementsAre("", "ready")) << "no other task has more memory";
}

TEST_F(QueryServerBookTest, ACommitDuringTheDrainIsServed) {
  BeginReady();
  query_->BeginDrain();
  CommitBatch(1);
  EXPECT_TRUE(Eventually([&] { return Holds(2); }));
  query_->StopTasks();
  CommitBatch(2);
  EXPECT_FALSE(Eventually([&] { return Holds(3); }, Soon(absl::Milliseconds(300))));
}

TEST_F(QueryServerBookTest, DrainingTakesNoNewLoadOfTheBook) {
  SetAway(true);
  Begin();
  AwaitFailure();
  query_->BeginDrain();
  SetAway(false);
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(Eventually([&] { return IsReported("ready"); }, Soon(absl::Milliseconds(300))));
}

TEST_F(QueryServerBookTest, AWatchHearsOfACommitAtOnce) {
  BeginReady();
  ExpectWatchHears(/*newest=*/1);
}

TEST_F(QueryServerBookTest, AWatchHearsOfACommitAtOnceBeyondTheBudget) {
  BeginReady(BeyondItsBudget());
  ExpectWatchHears(/*newest=*/1);
}

TEST_F(QueryServerBookTest, WatchesLookForThemselvesWhereThereIsNoBook) {
  Make();
  EXPECT_EQ(clock_.AwaitWaiters() - clock_.Now(), absl::Seconds(5)) << "heartbeats are enough";
  server_.reset();
  Options sql;
  sql.engine = "sql";
  Begin(sql);
  EXPECT_EQ(clock_.AwaitWaiters() - clock_.Now(), absl::Seconds(1));
  EXPECT_THAT(readiness_.reports(), ElementsAre("ready"));
  EXPECT_EQ(stores_.source().readers_opened(), 0) << "nothing is loaded";
}

TEST_F(QueryServerBookTest, TheBookIsLoadedByAsManyAsAsked) {
  Options options;
  options.book_loaders = 3;
  BeginReady(options);
  EXPECT_EQ(stores_.source().readers_opened(), 3);
}

TEST_F(QueryServerBookTest, ShowsTheMetricsOfItsBookAndCalls) {
  Make();
  EXPECT_TRUE(MetricNames().contains("grpc_server_started_total"));
  EXPECT_TRUE(MetricNames().contains("fairway_book_over_budget"));
  server_.reset();
  Options sql;
  sql.engine = "sql";
  Make(sql);
  EXPECT_FALSE(MetricNames().contains("fairway_book_over_budget"));
}

}  // namespace
}  // namespace fairway::query
