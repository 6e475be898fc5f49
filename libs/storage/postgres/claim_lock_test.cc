#include "libs/storage/postgres/claim_lock.h"

#include "gtest/gtest.h"

namespace fairway {
namespace {

// The first eight bytes of SHA-256("batch acme/batch-1"), as sha256sum prints them. The locks of
// all releases that run side by side must be the same.
TEST(ClaimLockTest, IsTheBeginningOfASha256) {
  EXPECT_EQ(ClaimLock({"acme", "batch-1"}), 6213385248343893739);
}

TEST(ClaimLockTest, DistinguishesKeys) {
  EXPECT_NE(ClaimLock({"acme", "batch-1"}), ClaimLock({"acme", "batch-2"}));
  EXPECT_NE(ClaimLock({"acme", "batch-1"}), ClaimLock({"emca", "batch-1"}));
}

}  // namespace
}  // namespace fairway
