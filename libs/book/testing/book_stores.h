#pragma once

#include <memory>
#include <utility>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_rate_reader.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {

// Other stores with a price book in front of them, which has always caught up.
class BookStores final : public StoresUnderTest {
 public:
  explicit BookStores(std::unique_ptr<StoresUnderTest> stored, const BookOptions& options = {})
      : stored_(std::move(stored)), options_(options) {}

  LocationStore& locations() override { return stored_->locations(); }
  BatchStore& batches() override { return stored_->batches(); }
  RateReader& rates() override {
    FAIRWAY_EXPECT_OK(follower_.CatchUp());
    return rates_;
  }
  DatasetSource& source() override { return stored_->source(); }
  CommitLog& commits() override { return stored_->commits(); }
  void Backup() override { stored_->Backup(); }
  void Restore() override { stored_->Restore(); }
  void ForgetCommits(DatasetVersion first, DatasetVersion last) override {
    stored_->ForgetCommits(first, last);
  }

 private:
  const std::unique_ptr<StoresUnderTest> stored_;
  const BookOptions options_;
  const SystemClock clock_;
  HeldBook held_{&clock_};
  BookFollower follower_{
      &stored_->source(),
      &held_,
      options_,
      &clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}}};
  BookRateReader rates_{&held_, &stored_->rates()};
};

}  // namespace fairway::testing
