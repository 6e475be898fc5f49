#include "services/query/parse_catalog.h"

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"

namespace fairway::query {
namespace {

TEST(ParseGetLocationTest, ACodeHasOneOfTwoForms) {
  v1::GetLocationRequest message;
  for (const char* code : {"CNSHA", "north_europe"}) {
    message.set_code(code);
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationCode read, ParseGetLocationRequest(message));
    EXPECT_EQ(read.text(), code);
  }
  message.set_code("no way");
  const absl::Status status = ParseGetLocationRequest(message).status();
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "code");
}

TEST(ParseLocationListTest, ReadsEachField) {
  v1::ListLocationsRequest message;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationListRequest all, ParseLocationListRequest(message));
  EXPECT_EQ(all.page_size, 100);
  EXPECT_EQ(all.after, "");
  EXPECT_EQ(all.kind, LocationFilterKind::kAny);
  message.set_page_size(7);
  message.set_code_prefix("C");
  message.set_region("asia");
  message.set_kind(v1::LOCATION_KIND_PORT);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationListRequest some, ParseLocationListRequest(message));
  EXPECT_EQ(some.page_size, 7);
  EXPECT_EQ(some.code_prefix, "C");
  EXPECT_EQ(some.region, "asia");
  EXPECT_EQ(some.kind, LocationFilterKind::kPorts);
  message.set_kind(v1::LOCATION_KIND_REGION);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationListRequest other, ParseLocationListRequest(message));
  EXPECT_EQ(other.kind, LocationFilterKind::kRegions);
}

TEST(ParseLocationListTest, NoOtherKindOfLocation) {
  v1::ListLocationsRequest list;
  list.set_kind(static_cast<v1::LocationKind>(9));
  EXPECT_EQ(ReasonOf(ParseLocationListRequest(list).status()), reasons::kInvalidFilter);
}

TEST(ParseLocationListTest, EveryBadFieldIsReported) {
  v1::ListLocationsRequest list;
  list.set_page_size(-1);
  list.set_kind(static_cast<v1::LocationKind>(9));
  list.set_region("A B");
  const ErrorDetails details = DetailsOf(ParseLocationListRequest(list).status());
  ASSERT_EQ(details.field_violations.size(), 3);
  EXPECT_EQ(details.field_violations[0].field, "page_size");
  EXPECT_EQ(details.field_violations[1].field, "kind");
  EXPECT_EQ(details.field_violations[2].field, "region");
  list.set_kind(v1::LOCATION_KIND_PORT);
  list.set_region("asia");
  list.set_page_token("nonsense");
  EXPECT_EQ(DetailsOf(ParseLocationListRequest(list).status()).field_violations.size(), 2);
}

TEST(ParseLocationListTest, ATokenIsBoundToEachFilter) {
  v1::ListLocationsRequest list;
  list.set_page_token(MakePageToken(PageScopeOf({}), "CNSHA"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationListRequest next, ParseLocationListRequest(list));
  EXPECT_EQ(next.after, "CNSHA");
  const auto reason_after = [&](auto change) {
    v1::ListLocationsRequest changed = list;
    change(changed);
    return ReasonOf(ParseLocationListRequest(changed).status());
  };
  EXPECT_EQ(reason_after([](auto& l) { l.set_code_prefix("C"); }), reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& l) { l.set_region("asia"); }), reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& l) { l.set_kind(v1::LOCATION_KIND_PORT); }),
            reasons::kInvalidPageToken);
  EXPECT_EQ(reason_after([](auto& l) { l.set_page_size(3); }), "") << "pages may differ in size";
}

TEST(ParseWatchCommitsTest, ReadsAVersionThatCanBe) {
  v1::WatchCommitsRequest message;
  message.set_after_version(7);
  message.set_after_version_id(70);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const VersionId after, ParseWatchCommitsRequest(message));
  EXPECT_EQ(after, (VersionId{7, 70}));
  message.set_after_version(-1);
  const absl::Status status = ParseWatchCommitsRequest(message).status();
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest);
  EXPECT_EQ(DetailsOf(status).field_violations[0].field, "after_version");
}

}  // namespace
}  // namespace fairway::query
