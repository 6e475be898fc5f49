#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "services/query/service.h"
#include "services/query/testing/service_fixture.h"

namespace fairway::query {
namespace {

class WatchServiceTest : public QueryServiceFixture {
 protected:
  // A watch, from its first message on. Cancelled with the test.
  class Watch {
   public:
    Watch(v1::RateQueryService::Stub& stub, const VersionId& after) : context_(NewContext()) {
      v1::WatchCommitsRequest request;
      request.set_after_version(after.number);
      request.set_after_version_id(after.identity);
      reader_ = stub.WatchCommits(context_.get(), request);
    }
    ~Watch() {
      if (ended_) return;
      Cancel();
      End().IgnoreError();
    }

    // The next message; empty at the end.
    v1::WatchCommitsResponse Next() {
      v1::WatchCommitsResponse message;
      reader_->Read(&message);
      return message;
    }
    void Cancel() { context_->TryCancel(); }
    absl::Status End() {
      v1::WatchCommitsResponse message;
      while (reader_->Read(&message)) continue;
      ended_ = true;
      return rpc::FromGrpcStatus(reader_->Finish());
    }

   private:
    const std::unique_ptr<grpc::ClientContext> context_;
    std::unique_ptr<grpc::ClientReader<v1::WatchCommitsResponse>> reader_;
    bool ended_ = false;
  };

  Watch WatchAfter(const VersionId& after) { return Watch(*stub_, after); }
  std::string ReasonOfWatch(const VersionId& after) { return ReasonOf(WatchAfter(after).End()); }
};

TEST_F(WatchServiceTest, ReportsEveryCommitWithWhatItTouched) {
  Watch watch = WatchAfter({0});
  const v1::WatchCommitsResponse locations = watch.Next();
  EXPECT_EQ(locations.version(), 1);
  EXPECT_EQ(locations.commit().kind(), v1::Commit::KIND_LOCATIONS);
  const v1::WatchCommitsResponse batch = watch.Next();
  EXPECT_EQ(batch.version(), 2);
  EXPECT_EQ(batch.version_id(), held_.book()->version_id().identity);
  EXPECT_EQ(batch.commit().version(), 2);
  EXPECT_EQ(batch.commit().kind(), v1::Commit::KIND_COMMIT);
  EXPECT_EQ(batch.commit().partner(), "acme");
  EXPECT_EQ(batch.commit().batch_id(), "batch-1");
  EXPECT_EQ(batch.commit().label(), "a label");
  EXPECT_EQ(batch.commit().row_count(), 10);
  EXPECT_EQ(batch.commit().lane_count(), 2);
  EXPECT_EQ(batch.commit().first_date(), "2021-01-01");
  EXPECT_EQ(batch.commit().last_date(), "2021-01-02");
  ASSERT_EQ(batch.commit().lanes_size(), 2);
  EXPECT_EQ(batch.commit().lanes(0).destination(), "NLRTM");
  EXPECT_GT(batch.commit().commit_time().seconds(), 0);
  stores_.Revert({"acme", "batch-1"});
  Follow();
  const v1::WatchCommitsResponse revert = watch.Next();
  EXPECT_EQ(revert.version(), 3);
  EXPECT_EQ(revert.commit().kind(), v1::Commit::KIND_REVERT);
  EXPECT_EQ(revert.commit().batch_id(), "batch-1");
}

TEST_F(WatchServiceTest, IsWokenByTheBell) {
  Watch watch = WatchAfter({2});
  for (int i = 0; i < 3; ++i) {
    Commit(absl::StrCat("batch-1", i), {{kDay, 5}});
    EXPECT_EQ(watch.Next().version(), 3 + i);
  }
}

TEST_F(WatchServiceTest, SendsAHeartbeatWhenThereIsNoNews) {
  Watch watch = WatchAfter({1});
  EXPECT_EQ(watch.Next().version(), 2);
  clock_.Advance(limits::kWatchHeartbeat);
  bell_.Ring();
  const v1::WatchCommitsResponse heartbeat = watch.Next();
  EXPECT_FALSE(heartbeat.has_commit());
  EXPECT_EQ(heartbeat.version(), 2);
  EXPECT_EQ(heartbeat.version_id(), held_.book()->version_id().identity);
}

TEST_F(WatchServiceTest, IsResumedBehindTheLastMessage) {
  v1::WatchCommitsResponse last;
  {
    Watch watch = WatchAfter({1});
    last = watch.Next();
  }
  Commit("batch-2", {{kDay, 5}});
  Commit("batch-3", {{kDay, 5}});
  Watch resumed = WatchAfter({last.version(), last.version_id()});
  EXPECT_EQ(resumed.Next().commit().batch_id(), "batch-2");
  EXPECT_EQ(resumed.Next().commit().batch_id(), "batch-3");
}

TEST_F(WatchServiceTest, ASlowReaderMissesNothing) {
  Watch watch = WatchAfter({2});
  for (int i = 0; i < 300; ++i) Commit(absl::StrCat("later-", i), {{kDay, 5}}, /*follow=*/false);
  Follow();
  for (int i = 0; i < 300; ++i) {
    const v1::WatchCommitsResponse message = watch.Next();
    ASSERT_EQ(message.version(), 3 + i);
    EXPECT_EQ(message.commit().batch_id(), absl::StrCat("later-", i));
  }
}

TEST_F(WatchServiceTest, EndsWhenItIsCancelled) {
  Watch waiting = WatchAfter({2});
  Watch reading = WatchAfter({1});
  EXPECT_EQ(reading.Next().version(), 2);
  for (Watch* watch : {&waiting, &reading}) {
    watch->Cancel();
    EXPECT_THAT(watch->End(), testing::StatusIs(absl::StatusCode::kCancelled));
  }
  AwaitEnded("WatchCommits", "Canceled", 2);
}

TEST_F(WatchServiceTest, IsRefusedForVersionsThatAreNotThere) {
  EXPECT_EQ(ReasonOfWatch({-1}), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOfWatch({3}), reasons::kVersionUnknown);
  EXPECT_EQ(ReasonOfWatch({2, 12'345'678}), reasons::kVersionPurged);
  stores_.ForgetCommits(1, 1);
  EXPECT_EQ(ReasonOfWatch({0}), reasons::kVersionPurged);
  is_away_ = true;
  EXPECT_EQ(ReasonOfWatch({1}), reasons::kDatabaseUnavailable);
}

TEST_F(WatchServiceTest, EndsWithItsHistory) {
  stores_.Backup();
  Commit("lost", {{kDay, 5}});
  Watch watch = WatchAfter({2});
  EXPECT_EQ(watch.Next().commit().batch_id(), "lost");
  stores_.Restore();
  Commit("other", {{kDay, 5}});
  EXPECT_EQ(ReasonOf(watch.End()), reasons::kVersionPurged);
}

TEST_F(WatchServiceTest, TakesNoPlaceOfAnExport) {
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < kExportsMax + 2; ++i) {
    watches.push_back(std::make_unique<Watch>(*stub_, VersionId{1}));
    EXPECT_EQ(watches.back()->Next().version(), 2) << i;
  }
}

TEST_F(WatchServiceTest, EndsWhenTheTaskDrains) {
  Watch watch = WatchAfter({1});
  EXPECT_EQ(watch.Next().version(), 2);
  bell_.Close();
  EXPECT_EQ(ReasonOf(watch.End()), reasons::kDraining);
}

}  // namespace
}  // namespace fairway::query
