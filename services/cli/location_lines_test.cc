#include "services/cli/location_lines.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "services/cli/shell/exit_code.h"

namespace fairway::cli {
namespace {

using ::testing::ElementsAre;

// The lines of regions and ports alternate.
const price_files::LocationFile kFile = {
    .regions = {{.code = "asia", .line = 2}, {.code = "europe", .line = 4}},
    .ports = {{.code = "CNSHA", .line = 3}, {.code = "NLRTM", .line = 5}}};

absl::Status AtLinesOf(const absl::Status& error) { return AtLines(error, "l.csv", kFile); }

TEST(AtLinesTest, WhatTheServiceRefusesHasItsLine) {
  const absl::Status status = AtLinesOf(UnknownParentError("ports[1].parent", "nope", "NLRTM"));
  EXPECT_EQ(status.message(), "l.csv:5: \"nope\": no such region; parent of NLRTM");
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kBadRows);
}

TEST(AtLinesTest, SeveralAreInOrderOfLines) {
  FieldErrors errors;
  errors.Add(UnknownParentError("regions[1].parent", "a", "europe"));
  errors.Add(UnknownParentError("ports[0].parent", "b", "CNSHA"));
  EXPECT_THAT(DetailsOf(AtLinesOf(errors.status())).field_violations,
              ElementsAre(FieldViolation{"l.csv:3", "\"b\": no such region; parent of CNSHA"},
                          FieldViolation{"l.csv:4", "\"a\": no such region; parent of europe"}));
}

TEST(AtLinesTest, FieldsThatTheServiceDoesNotListAreCounted) {
  const absl::Status error = MakeError(absl::StatusCode::kInvalidArgument, "x",
                                       {.reason = "INVALID_LOCATION",
                                        .metadata = {{"error_count", "31"}},
                                        .field_violations = {{"ports[0].parent", "b"}}});
  EXPECT_THAT(DetailsOf(AtLinesOf(error)).field_violations,
              ElementsAre(FieldViolation{"l.csv:3", "b"}, FieldViolation{"l.csv", "and 30 more"}));
}

TEST(AtLinesTest, WhatHasNoPlaceIsStillAboutTheFile) {
  for (const char* field : {"regions.parent", "regions[2].parent", "regions[x].parent", "ports["}) {
    const absl::Status status = AtLinesOf(InvalidLocationError(field, "a", "wrong"));
    EXPECT_EQ(status.message(), "l.csv: \"a\": wrong") << field;
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kBadRows) << field;
  }
}

TEST(AtLinesTest, OtherErrorsAreLeftAlone) {
  for (const absl::Status& error : {DrainingError(), TooManyLocationsError(5)}) {
    EXPECT_EQ(AtLinesOf(error), error);
  }
}

}  // namespace
}  // namespace fairway::cli
