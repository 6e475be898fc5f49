#include "services/cli/shell/error_message.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"

namespace fairway::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(UserMessageTest, NamesOptionsInPlaceOfFields) {
  EXPECT_THAT(UserMessage(InvalidBatchIdError("batch_id first_date")),
              HasSubstr("batch-id: \"batch_id first_date\": expected 4"));
  EXPECT_EQ(UserMessage(InvalidRangeError("2026-02-01", "2026-01-01")),
            "--to 2026-01-01 lies before --from 2026-02-01");
  EXPECT_EQ(UserMessage(InvalidRequestError("consistency.at_least", "no version.")),
            "--at-least: no version.");
  EXPECT_EQ(UserMessage(ContentIncompleteError("header.declared_row_count", "5", "6")),
            "--rows: declared 5, received 6");
  EXPECT_THAT(UserMessage(BatchEndMissingError()), Not(HasSubstr("`end`")));
  EXPECT_EQ(UserMessage(absl::UnknownError("it's first_dates")), "it's first_dates");
}

TEST(UserMessageTest, NamesNoMethodForInvalidRows) {
  RowErrorSummary errors;
  errors.bad_row_count = 1;
  errors.error_count = 1'204;
  EXPECT_EQ(UserMessage(BatchHasInvalidRowsError({"acme", "q1-1"}, errors)),
            "1 bad row with 1,204 errors in batch acme/q1-1; nothing was stored");
  errors.bad_row_count = 2'852'425;
  EXPECT_EQ(UserMessage(BatchHasInvalidRowsError({"acme", "20260101"}, errors)),
            "2,852,425 bad rows with 1,204 errors in batch acme/20260101; nothing was stored");
}

TEST(UserMessageTest, ANameMayEndItsSentence) {
  EXPECT_EQ(UserMessage(absl::UnknownError("see first_date.")), "see --from.");
  EXPECT_EQ(UserMessage(absl::UnknownError("first_date..")), "--from..");
}

std::string Printed(const absl::Status& status) {
  ::testing::internal::CaptureStderr();
  PrintError(status);
  return ::testing::internal::GetCapturedStderr();
}

TEST(PrintErrorTest, SaysWhatIsWrongWithWhich) {
  EXPECT_EQ(Printed(MakeError(absl::StatusCode::kInvalidArgument, "two things",
                              {.reason = "X", .field_violations = {{"a", "one"}, {"b", "other"}}})),
            "fairway: two things (X)\n  a: one\n  b: other\n");
  EXPECT_EQ(Printed(MakeError(absl::StatusCode::kInvalidArgument, "one thing",
                              {.reason = "X", .field_violations = {{"a", "one thing"}}})),
            "fairway: one thing (X)\n")
      << "once";
  EXPECT_EQ(Printed(absl::NotFoundError("gone")), "fairway: gone\n");
  EXPECT_EQ(Printed(absl::NotFoundError("")), "fairway: NOT_FOUND, without a message\n");
}

TEST(PrintErrorTest, IsHarmlessLines) {
  EXPECT_EQ(Printed(MakeError(absl::StatusCode::kInvalidArgument, "a\r\n\tb\x1b",
                              {.reason = "X\x1b", .field_violations = {{"c\n\x1b", "d\n\x1b"}}})),
            "fairway: a b\\x1b (X\\x1b)\n  c\\n\\x1b: d\\n\\x1b\n");
}

TEST(PrintErrorTest, AFieldThatTheMessageNamesIsNotRepeated) {
  EXPECT_THAT(Printed(InvalidPartnerError("ACME")), Not(HasSubstr("\n  partner")));
  FieldErrors errors;
  errors.Add(InvalidPartnerError("ACME"));
  errors.Add(InvalidLabelError("it holds a NUL"));
  EXPECT_THAT(Printed(errors.status()), Not(HasSubstr("\n  ")));
}

TEST(PrintErrorTest, FieldsThatTheMessageDoesNotNameFollow) {
  const absl::Status cut = MakeError(
      absl::StatusCode::kInvalidArgument, "lanes[0].origin: \"\": expected a code; lanes[1].ori…",
      {.reason = "INVALID_LOCATION",
       .field_violations = {{"lanes[0].origin", "\"\": expected a code"},
                            {"lanes[1].origin", "\"\": expected a code"}}});
  const std::string printed = Printed(cut);
  EXPECT_THAT(printed, HasSubstr("\n  lanes[1].origin: \"\": expected a code\n"));
  EXPECT_THAT(printed, Not(HasSubstr("\n  lanes[0].origin")));
}

}  // namespace
}  // namespace fairway::cli
