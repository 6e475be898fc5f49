#pragma once

#include <utility>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/test_database.h"

namespace fairway::testing {

// For tests of connections that are lost: a database of their own, and a proxy before it that
// fails on demand.
class ProxiedDatabaseTest : public ::testing::Test {
 protected:
  explicit ProxiedDatabaseTest(TestDatabase database = TestDatabase())
      : database_(std::move(database)), proxy_(database_.options()) {}

  TestDatabase database_;
  FaultProxy proxy_;
};

}  // namespace fairway::testing
