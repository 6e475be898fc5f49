#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"
#include "services/cli/number_check.h"
#include "services/cli/row_errors.h"
#include "services/cli/server_words.h"
#include "services/cli/service_channel.h"

// What people read when something fails.
namespace fairway::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string WordsFor(grpc::StatusCode code, const std::string& message) {
  return InPlainWords({code, message}, {"fairway-query", "db7:50051"}).error_message();
}

TEST(PlainWordsTest, AServiceThatIsAwayIsNamedWithItsAddress) {
  constexpr auto kUnavailable = grpc::StatusCode::UNAVAILABLE;
  EXPECT_EQ(WordsFor(kUnavailable,
                     "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: "
                     "Failed to connect to remote host: Connection refused"),
            "fairway-query cannot be reached at db7:50051: nothing listens there");
  EXPECT_EQ(WordsFor(kUnavailable,
                     "DNS resolution failed for db7:50051: C-ares status is not ARES_SUCCESS"),
            "fairway-query cannot be reached at db7:50051: its host name is not known");
  EXPECT_EQ(WordsFor(kUnavailable, "Socket closed"),
            "fairway-query cannot be reached at db7:50051: the connection was lost");
  EXPECT_EQ(WordsFor(kUnavailable,
                     "connections to all backends failing; last error: UNKNOWN: "
                     "ipv4:127.0.0.1:9464: Trying to connect an http1.x server"),
            "fairway-query cannot be reached at db7:50051: what listens there does not speak gRPC");
  EXPECT_THAT(WordsFor(kUnavailable, "something new"), HasSubstr("db7:50051: something new"));
}

TEST(PlainWordsTest, OtherFailuresOfGrpcSayWhatTheyMean) {
  EXPECT_THAT(WordsFor(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"),
              AllOf(HasSubstr("fairway-query at db7:50051"), HasSubstr("--timeout")));
  EXPECT_THAT(WordsFor(grpc::StatusCode::CANCELLED, "CANCELLED"),
              HasSubstr("ended the call before it answered"));
  EXPECT_THAT(WordsFor(grpc::StatusCode::UNIMPLEMENTED, ""),
              HasSubstr("what listens at db7:50051 is not fairway-query"));
  EXPECT_EQ(WordsFor(grpc::StatusCode::RESOURCE_EXHAUSTED, "RST_STREAM"), "RST_STREAM");
  EXPECT_TRUE(InPlainWords(grpc::Status::OK, {}).ok());
}

TEST(PlainWordsTest, WhatAServiceSaysStays) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "draining", "details");
  EXPECT_EQ(InPlainWords(status, {"fairway-query", "a:1"}).error_message(), "draining");
  EXPECT_EQ(InPlainWords(status, {"fairway-query", "a:1"}).error_details(), "details");
}

TEST(MessageForPeopleTest, FieldsAreOptions) {
  EXPECT_THAT(MessageForPeople(InvalidBatchIdError("batch_id first_date")),
              HasSubstr("batch-id: \"batch_id first_date\": expected 4"));
  EXPECT_EQ(MessageForPeople(InvalidRangeError("2026-02-01", "2026-01-01")),
            "--to 2026-01-01 lies before --from 2026-02-01");
  EXPECT_EQ(MessageForPeople(InvalidRequestError("consistency.at_least", "no version.")),
            "--at-least: no version.");
  EXPECT_EQ(MessageForPeople(ContentIncompleteError("header.declared_row_count", "5", "6")),
            "--rows: declared 5, received 6");
  EXPECT_THAT(MessageForPeople(BatchEndMissingError()), Not(HasSubstr("`end`")));
  EXPECT_EQ(MessageForPeople(absl::UnknownError("it's first_dates")), "it's first_dates");
}

RowErrorSummary FourErrors() {
  RowErrorSummary errors;
  errors.bad_row_count = 1;
  errors.error_count = 1'204;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kUnknownPort)] = 2;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kBadDate)] = 2;
  errors.count_by_reason[static_cast<int>(RowErrorReason::kMalformedRow)] = 1'200;
  return errors;
}

TEST(MessageForPeopleTest, BadRowsNameNoMethod) {
  EXPECT_EQ(MessageForPeople(BatchHasInvalidRowsError({"acme", "q1-1"}, FourErrors())),
            "1 bad row with 1204 errors in batch acme/q1-1; nothing was stored");
}

TEST(HintsTest, TheMostFrequentComesFirst) {
  const std::string hints = FormatHints(BatchHasInvalidRowsError({"acme", "q1-1"}, FourErrors()));
  const size_t malformed = hints.find("MALFORMED_ROW (1,200): ");
  const size_t bad_date = hints.find("\nBAD_DATE (2): ");
  const size_t unknown_port = hints.find("\nUNKNOWN_PORT (2): ");
  EXPECT_EQ(malformed, 0) << hints;
  EXPECT_LT(bad_date, unknown_port) << hints;
  EXPECT_NE(unknown_port, std::string::npos) << hints;
  EXPECT_THAT(FormatHints(DrainingError()), IsEmpty());
}

TEST(NumberCheckTest, WholeNumbersFromOne) {
  for (const char* right : {"1", "50000000", "18446744073709551615"}) {
    EXPECT_THAT(CheckPositive(right), IsEmpty()) << right;
  }
  for (const char* wrong : {"", "0", "-1", "1.5", "1e3", "x", "18446744073709551616"}) {
    EXPECT_THAT(CheckPositive(wrong), HasSubstr("no whole number from 1")) << wrong;
  }
}

}  // namespace
}  // namespace fairway::cli
