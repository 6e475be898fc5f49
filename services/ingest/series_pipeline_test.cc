#include "services/ingest/series_pipeline.h"

#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

// Keeps the rows of every run; waits or fails when it should.
class FakeWriter final : public BatchWriter {
 public:
  absl::Status Append(const SeriesRun& run) override {
    if (gate != nullptr) gate->WaitForNotification();
    sizes.push_back(run.row_count());
    return status;
  }
  absl::StatusOr<BatchRecord> Commit(const BatchContent&, const VersionId&) override {
    return BatchRecord();
  }
  absl::Status End(BatchState, const absl::Status&, const BatchContent&,
                   const RowErrorSummary&) override {
    return absl::OkStatus();
  }
  absl::Notification* gate = nullptr;
  absl::Status status;
  std::vector<size_t> sizes;
};

void Fill(SeriesRunBuilder& builder, int rows, PortId origin) {
  for (int i = 0; i < rows; ++i) builder.Add({origin, 1}, kDayMin + std::chrono::days(i), 5);
}

TEST(SeriesPipelineTest, WritesEveryRunInOrder) {
  FakeWriter writer;
  SeriesPipeline pipeline(&writer);
  SeriesRunBuilder builder;
  for (int i = 1; i <= 5; ++i) {
    Fill(builder, i, i % 3);
    FAIRWAY_ASSERT_OK(pipeline.Take(builder));
  }
  FAIRWAY_ASSERT_OK(pipeline.Finish());
  EXPECT_EQ(writer.sizes, (std::vector<size_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(pipeline.lane_count(), 3);
}

TEST(SeriesPipelineTest, FillsOneRunWhileTheOtherIsWritten) {
  FakeWriter writer;
  absl::Notification gate;
  writer.gate = &gate;
  SeriesPipeline pipeline(&writer);
  SeriesRunBuilder builder;
  Fill(builder, 1, 1);
  FAIRWAY_ASSERT_OK(pipeline.Take(builder)) << "returns while the writer waits";
  Fill(builder, 2, 1);
  EXPECT_EQ(builder.row_count(), 2);
  gate.Notify();
  FAIRWAY_ASSERT_OK(pipeline.Take(builder));
  FAIRWAY_ASSERT_OK(pipeline.Finish());
  EXPECT_EQ(writer.sizes, (std::vector<size_t>{1, 2}));
}

TEST(SeriesPipelineTest, WhatFailedInWritingShowsLater) {
  FakeWriter writer;
  writer.status = DatabaseUnavailableError("a test");
  SeriesPipeline pipeline(&writer);
  SeriesRunBuilder builder;
  Fill(builder, 1, 1);
  FAIRWAY_ASSERT_OK(pipeline.Take(builder));
  Fill(builder, 1, 1);
  EXPECT_EQ(ReasonOf(pipeline.Take(builder)), reasons::kDatabaseUnavailable);
  EXPECT_EQ(ReasonOf(pipeline.Finish()), reasons::kDatabaseUnavailable);
}

TEST(LaneCounterTest, CountsExactlyOrSaysThatItDoesNot) {
  LaneCounter lanes;
  for (int round = 0; round < 2; ++round) {
    for (PortId origin = 0; origin < 512; ++origin) {
      for (PortId destination = 0; destination < 512; ++destination) {
        lanes.Add({origin, destination});
      }
    }
    EXPECT_EQ(lanes.count(), LaneCounter::kLanesMax);
  }
  lanes.Add({512, 0});
  EXPECT_FALSE(lanes.count().has_value());
  lanes.Add({1, 1});
  EXPECT_FALSE(lanes.count().has_value());
}

}  // namespace
}  // namespace fairway::ingest
