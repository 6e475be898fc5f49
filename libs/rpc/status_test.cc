#include "libs/rpc/status.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::rpc {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(StatusTest, OkIsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), "r1").ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(StatusTest, DetailsSurviveTheWay) {
  const absl::Status sent = VersionNotYetVisibleError(9, 7);
  const grpc::Status wire = ToGrpcStatus(sent, "r1");
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(wire.error_message(), sent.message());
  const absl::Status received = FromGrpcStatus(wire);
  EXPECT_EQ(received.code(), absl::StatusCode::kUnavailable);
  const ErrorDetails details = DetailsOf(received);
  EXPECT_EQ(details.reason, reasons::kVersionNotYetVisible);
  EXPECT_EQ(details.retry_delay, absl::Seconds(1));
  EXPECT_THAT(details.metadata, Contains(Pair("asked_version", "9")));
}

TEST(StatusTest, FieldsBecomeBadRequest) {
  const absl::Status received =
      FromGrpcStatus(ToGrpcStatus(InvalidDateError("first_date", "x", "why"), "r1"));
  ASSERT_EQ(DetailsOf(received).field_violations.size(), 1);
  EXPECT_EQ(DetailsOf(received).field_violations[0].field, "first_date");
}

TEST(StatusTest, EveryErrorHasAReasonInOurDomain) {
  google::rpc::Status wire;
  ASSERT_TRUE(
      wire.ParseFromString(ToGrpcStatus(absl::NotFoundError("bare"), "r1").error_details()));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(wire.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "fairway");
  EXPECT_EQ(info.reason(), "NOT_FOUND");
}

TEST(StatusTest, InternalErrorsCarryTheRequestIdAndNothingElse) {
  for (const absl::Status& status :
       {WithCause(absl::InternalError("relation \"x\" does not exist"), "SELECT secret"),
        absl::UnknownError("relation \"x\" does not exist")}) {
    const grpc::Status wire = ToGrpcStatus(status, "request-7");
    EXPECT_EQ(wire.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(wire.error_message(), HasSubstr("request-7"));
    EXPECT_THAT(wire.error_message() + wire.error_details(),
                Not(::testing::AnyOf(HasSubstr("relation"), HasSubstr("secret"))));
  }
}

TEST(StatusTest, TheCauseIsNeverSent) {
  const grpc::Status wire =
      ToGrpcStatus(WithCause(DatabaseUnavailableError("no connection"), "password=x"), "r1");
  EXPECT_THAT(wire.error_message() + wire.error_details(), Not(HasSubstr("password")));
}

TEST(StatusTest, TrailersStaySmallWhateverIsWrong) {
  RowErrorSummary errors{.error_count = 1'000'000, .bad_row_count = 1'000'000};
  errors.count_by_reason.fill(1'000'000);
  for (int i = 0; i < 20; ++i) {
    errors.first_errors.push_back({999'980 + i, "destination", RowErrorReason::kNotAPort,
                                   std::string(64, static_cast<char>('a' + i))});
  }
  const BatchKey key = {std::string(63, 'p'), std::string(63, 'b')};
  const grpc::Status wire = ToGrpcStatus(BatchHasInvalidRowsError(key, errors), "r1");
  EXPECT_LE(wire.error_details().size() * 4 / 3 + wire.error_message().size(), 4096);
  const ErrorDetails details = DetailsOf(FromGrpcStatus(wire));
  EXPECT_GE(details.field_violations.size(), 10);
  EXPECT_THAT(details.metadata, Contains(Pair("NOT_A_PORT", "1000000")));
}

TEST(StatusTest, LongMessagesAreCutAtACharacter) {
  std::string message;
  while (message.size() < 5000) absl::StrAppend(&message, "é");
  const grpc::Status wire = ToGrpcStatus(absl::NotFoundError(message), "r1");
  EXPECT_LT(wire.error_message().size(), 700);
  EXPECT_EQ(wire.error_message().size() % 2, 1) << "whole é and the three bytes of …";
}

TEST(StatusTest, RetryDelaysKeepTheirFractions) {
  for (const absl::Duration delay :
       {absl::Milliseconds(1'500), absl::Milliseconds(20), absl::Seconds(7)}) {
    const absl::Status sent =
        MakeError(absl::StatusCode::kUnavailable, "busy", {.reason = "X", .retry_delay = delay});
    EXPECT_EQ(DetailsOf(FromGrpcStatus(ToGrpcStatus(sent, "r1"))).retry_delay, delay);
  }
}

TEST(StatusTest, EachTextIsCutBehindItsGreatestLength) {
  const auto sent_with = [](size_t more) {
    return FromGrpcStatus(ToGrpcStatus(
        MakeError(
            absl::StatusCode::kNotFound, std::string(600 + more, 'm'),
            {.reason = "X",
             .metadata = {{"key", std::string(128 + more, 'v')}},
             .field_violations = {{std::string(128 + more, 'f'), std::string(256 + more, 'd')}}}),
        "r1"));
  };
  for (const size_t more : {size_t{0}, size_t{1}}) {
    const std::string mark = more == 0 ? "" : "…";
    const absl::Status received = sent_with(more);
    EXPECT_EQ(received.message(), std::string(600, 'm') + mark);
    const ErrorDetails details = DetailsOf(received);
    EXPECT_THAT(details.metadata, Contains(Pair("key", std::string(128, 'v') + mark)));
    ASSERT_EQ(details.field_violations.size(), 1);
    EXPECT_EQ(details.field_violations[0].field, std::string(128, 'f') + mark);
    EXPECT_EQ(details.field_violations[0].description, std::string(256, 'd') + mark);
  }
}

TEST(StatusTest, FieldsFillTheTrailersAndGoNoFurther) {
  constexpr size_t kTrailerBytesOfEveryCall = 256;
  for (size_t length = 10; length < 60; ++length) {
    const std::vector<FieldViolation> fields(200, {"field", std::string(length, 'x')});
    const grpc::Status wire = ToGrpcStatus(
        MakeError(absl::StatusCode::kNotFound, "m", {.reason = "X", .field_violations = fields}),
        "r1");
    const size_t bytes = wire.error_details().size() * 4 / 3 + wire.error_message().size();
    EXPECT_LE(bytes + kTrailerBytesOfEveryCall, 4096) << length;
    EXPECT_GT(bytes + kTrailerBytesOfEveryCall, 3900) << length;
  }
}

}  // namespace
}  // namespace fairway::rpc
