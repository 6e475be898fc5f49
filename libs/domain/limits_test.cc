#include "libs/domain/limits.h"

#include "gtest/gtest.h"

#include "libs/domain/server_limits.h"

// What the contract promises its clients in words (proto/fairway/v1): changed there and here only.
namespace fairway::limits {
namespace {

TEST(LimitsTest, QueriesHaveThoseOfTheContract) {
  EXPECT_EQ(kMessageBytesMax, 4 * 1024 * 1024);
  EXPECT_EQ(kQueryRequestBytesMax, 256 * 1024);
  EXPECT_EQ(kQueryDaysMax, 1'830);
  EXPECT_EQ(kQueryLanesMax, 100);
  EXPECT_EQ(kExportLanesMax, 10'000);
  EXPECT_EQ(kExportMessageBytes, 256 * 1024);
  EXPECT_EQ(kExportTimeMax, absl::Hours(1));
  EXPECT_EQ(kMinPriceCount, 3);
  EXPECT_EQ(kMinPriceCountMax, 1'000'000);
  EXPECT_EQ(kVersionsAheadMax, 1'000'000);
  EXPECT_EQ(kReportedLanesMax, 1'000);
  EXPECT_EQ(kPageSizeDefault, 100);
  EXPECT_EQ(kPageSizeMax, 1'000);
  EXPECT_EQ(kRequestTimeMax, absl::Seconds(5));
}

TEST(LimitsTest, StreamsHaveThoseOfTheContract) {
  EXPECT_LE(kWatchHeartbeat, absl::Seconds(30)) << "the longest silence that is promised";
  EXPECT_EQ(kOpenExportsMax, 128);
  EXPECT_EQ(kOpenExportsPerAddressMax, 96);
  EXPECT_EQ(kOpenExportsPerConnectionMax, 32);
  EXPECT_EQ(kOpenWatchesMax, 10'000);
  EXPECT_EQ(kOpenWatchesPerAddressMax, 7'500);
  EXPECT_EQ(kOpenWatchesPerConnectionMax, 192);
}

TEST(LimitsTest, BatchesHaveThoseOfTheContract) {
  EXPECT_EQ(kPriceMin, 1);
  EXPECT_EQ(kPriceMax, 10'000'000);
  EXPECT_EQ(kBatchIdLengthMin, 4);
  EXPECT_EQ(kBatchIdLengthMax, 63);
  EXPECT_EQ(kPartnerLengthMax, 63);
  EXPECT_EQ(kLabelBytesMax, 128);
  EXPECT_EQ(kUploadRowsMax, 50'000'000);
  EXPECT_EQ(kUploadTimeMax, absl::Minutes(30));
  EXPECT_EQ(kUploadWaitCreditMax, absl::Seconds(5));
  EXPECT_EQ(kUploadRowsPerSecondMin, 1'000);
  EXPECT_EQ(kChunkRowsMax, 1'048'576);
  EXPECT_EQ(kStoredRowErrorsPerReasonMax, 1'000);
}

TEST(LimitsTest, LocationsHaveThoseOfTheContract) {
  EXPECT_EQ(kRegionSlugLengthMax, 63);
  EXPECT_EQ(kRegionLevelsMax, 32);
  EXPECT_EQ(kLocationNameBytesMax, 200);
  EXPECT_EQ(kImportLocationsMax, 20'000);
  EXPECT_EQ(kLocationsMax, 262'144);
}

}  // namespace
}  // namespace fairway::limits
