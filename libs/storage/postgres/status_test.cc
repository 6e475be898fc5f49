#include "libs/storage/postgres/status.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

void ExpectStoreStatus(absl::StatusCode from, absl::StatusCode code, absl::string_view reason,
                       const std::string& message) {
  const absl::Status status = ToStoreStatus(absl::Status(from, "words of the server"));
  SCOPED_TRACE(absl::StatusCodeToString(from));
  EXPECT_THAT(status, StatusIs(code, HasSubstr(message)));
  EXPECT_EQ(ReasonOf(status), reason);
  EXPECT_THAT(std::string(status.message()), ::testing::Not(HasSubstr("words of the server")));
  EXPECT_THAT(CauseOf(status), HasSubstr("words of the server"));
}

TEST(StoreStatusTest, EveryFailureHasTheReasonOfTheContract) {
  using absl::StatusCode;
  ExpectStoreStatus(StatusCode::kDeadlineExceeded, StatusCode::kDeadlineExceeded,
                    reasons::kDeadlineExceeded, "");
  ExpectStoreStatus(StatusCode::kCancelled, StatusCode::kCancelled, reasons::kCancelled, "");
  // Where it is not known whether something was committed, asking again finds out.
  for (const StatusCode code : {StatusCode::kUnavailable, StatusCode::kUnknown}) {
    ExpectStoreStatus(code, StatusCode::kUnavailable, reasons::kDatabaseUnavailable,
                      "no connection");
  }
  ExpectStoreStatus(StatusCode::kAborted, StatusCode::kUnavailable, reasons::kDatabaseUnavailable,
                    "contention");
  ExpectStoreStatus(StatusCode::kResourceExhausted, StatusCode::kUnavailable,
                    reasons::kDatabaseUnavailable, "out of space");
  ExpectStoreStatus(StatusCode::kDataLoss, StatusCode::kInternal, "", "cannot read");
  for (const StatusCode code :
       {StatusCode::kInternal, StatusCode::kAlreadyExists, StatusCode::kFailedPrecondition}) {
    ExpectStoreStatus(code, StatusCode::kInternal, "", "refused a statement");
  }
}

TEST(StoreStatusTest, WhatHasAReasonOrNoFailureStaysAsItIs) {
  EXPECT_EQ(ToStoreStatus(absl::OkStatus()), absl::OkStatus());
  const absl::Status fenced = WriterFencedError({"acme", "batch-1"});
  EXPECT_EQ(ToStoreStatus(fenced), fenced);
}

}  // namespace
}  // namespace fairway
