#include "libs/storage/check_reached.h"

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

TEST(CheckReachedTest, WhatIsAheadIsOnItsWayUpToABound) {
  const auto reason = [](const VersionId& asked) { return ReasonOf(CheckReached(asked, {7, 70})); };
  EXPECT_EQ(reason({0}), "");
  EXPECT_EQ(reason({7}), "");
  EXPECT_EQ(reason({7, 71}), "") << "whose history it is, is for the reader to say";
  EXPECT_EQ(reason({8}), reasons::kVersionNotYetVisible);
  EXPECT_EQ(reason({7 + limits::kVersionsAheadMax}), reasons::kVersionNotYetVisible);
  EXPECT_EQ(reason({8 + limits::kVersionsAheadMax}), reasons::kVersionUnknown);
}

TEST(CheckReachedTest, AVersionWithAnIdentityWasThere) {
  EXPECT_EQ(ReasonOf(CheckReached({8, 80}, {7, 70})), reasons::kVersionPurged);
  EXPECT_EQ(ReasonOf(CheckReached({2'000'000, 80}, {7, 70})), reasons::kVersionPurged);
}

}  // namespace
}  // namespace fairway
