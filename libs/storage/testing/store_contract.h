#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/dataset_source.h"
#include "libs/storage/location_store.h"
#include "libs/storage/rate_reader.h"

// What every store must do, run over the memory fake and over PostgreSQL alike:
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(StoresFactory(…)));
namespace fairway::testing {

// One empty data set, seen through its contracts.
class StoresUnderTest {
 public:
  virtual ~StoresUnderTest() = default;
  virtual LocationStore& locations() = 0;
  virtual BatchStore& batches() = 0;
  virtual RateReader& rates() = 0;
  virtual DatasetSource& source() = 0;
  virtual CommitLog& commits() = 0;
  // Takes a batch out again; fails the test unless it was committed until then.
  VersionId Revert(const BatchKey& key) {
    const absl::StatusOr<BatchReversal> reversal = batches().Revert(key, Soon());
    FAIRWAY_EXPECT_OK(reversal);
    EXPECT_FALSE(reversal->replayed);
    return reversal->batch.reverted_version.value_or(VersionId());
  }
  // Remembers all there is, and brings it back: what was committed between the two is lost.
  virtual void Backup() = 0;
  virtual void Restore() = 0;
  // As when the log of commits is kept for a while only.
  virtual void ForgetCommits(DatasetVersion first, DatasetVersion last) = 0;
};
using StoresFactory = std::function<std::unique_ptr<StoresUnderTest>()>;

// A price by the names tests are readable with.
struct NamedPrice {
  std::string origin;
  std::string destination;
  std::string day;
  Price price;
};

class StoreContract : public ::testing::TestWithParam<StoresFactory> {
 protected:
  StoreContract() : stores_(GetParam()()) {}

  LocationStore& locations() { return stores_->locations(); }
  BatchStore& batches() { return stores_->batches(); }
  RateReader& rates() { return stores_->rates(); }
  DatasetSource& source() { return stores_->source(); }
  CommitLog& commits() { return stores_->commits(); }
  VersionId Revert(const BatchKey& key) { return stores_->Revert(key); }
  void Backup() { stores_->Backup(); }
  void Restore() { stores_->Restore(); }
  void ForgetCommits(DatasetVersion first, DatasetVersion last) {
    stores_->ForgetCommits(first, last);
  }

  static Day DayOf(absl::string_view text);
  static Port MakePort(absl::string_view code, absl::string_view parent);

  // world > (europe > north_sea: NLRTM BEANR; ESALG), (asia: CNSHA CNGGZ); empty.
  static LocationChanges World();
  void ImportWorld();
  PortId IdOf(absl::string_view code);

  // Three prices: two of a day of one lane, and one of another lane.
  static std::vector<NamedPrice> TwoLanes();
  SeriesRun RunOf(const std::vector<NamedPrice>& prices);
  static BatchContent ContentOf(const std::vector<NamedPrice>& prices);
  // Of the tree of today.
  VersionId LocationsVersion();
  // Uploads a batch as an operation would; fails the test unless it commits.
  BatchRecord CommitBatch(const BatchKey& key, const std::vector<NamedPrice>& prices);
  std::unique_ptr<BatchWriter> ClaimWriter(const BatchKey& key);

  // The world and a price of 1 (kept), then of 20 (lost) and of 300 (later) on CNSHA to NLRTM; what
  // is not kept is lost when this returns.
  struct Histories {
    VersionId kept;
    VersionId lost;
    VersionId later;
  };
  Histories LoseHistory();
  // Commits that price as the only one of its batch.
  VersionId CommitPrice(absl::string_view batch_id, Price price);

  // What the newest version, or another one, answers.
  absl::StatusOr<DailyRates> Read(const RateQuery& query, const Consistency& consistency = {});
  // A question for 2021-01-01 to 2021-01-31.
  static RateQuery QueryOf(absl::string_view origin, absl::string_view destination);
  // "day count sum" of every day with prices.
  std::vector<std::string> ReadRates(absl::string_view origin, absl::string_view destination,
                                     absl::string_view first = "2021-01-01",
                                     absl::string_view last = "2021-01-31");

 private:
  std::unique_ptr<StoresUnderTest> stores_;
};

}  // namespace fairway::testing
