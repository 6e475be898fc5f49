#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "services/query/testing/service_fixture.h"

// What the service answers about ports and regions.
namespace fairway::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LocationServiceTest : public QueryServiceFixture {
 protected:
  absl::Status List(const v1::ListLocationsRequest& request, v1::ListLocationsResponse& response) {
    return rpc::FromGrpcStatus(stub_->ListLocations(NewContext().get(), request, &response));
  }
  absl::Status GetLocation(const std::string& code, v1::Location& location) {
    v1::GetLocationRequest request;
    request.set_code(code);
    v1::GetLocationResponse response;
    const grpc::Status status = stub_->GetLocation(NewContext().get(), request, &response);
    location = response.location();
    return rpc::FromGrpcStatus(status);
  }
};

TEST_F(LocationServiceTest, LocationsAreListedPageByPage) {
  v1::ListLocationsRequest request;
  request.set_page_size(2);
  request.set_region("world");
  std::vector<std::string> codes;
  do {
    v1::ListLocationsResponse response;
    FAIRWAY_ASSERT_OK(List(request, response));
    for (const v1::Location& location : response.locations()) codes.push_back(location.code());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(codes, ElementsAre("CNGGZ", "CNSHA", "NLRTM", "asia"));
}

TEST_F(LocationServiceTest, ListsOfLocationsAreRefused) {
  v1::ListLocationsRequest request;
  v1::ListLocationsResponse response;
  request.set_region("atlantis");
  EXPECT_EQ(ReasonOf(List(request, response)), reasons::kLocationNotFound);
  request.set_kind(static_cast<v1::LocationKind>(9));
  request.set_page_size(-1);
  const absl::Status status = List(request, response);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest);
  EXPECT_THAT(FieldsOf(status), ElementsAre("page_size", "kind"));
  request.Clear();
  request.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(List(request, response)), reasons::kInvalidPageToken);
  is_away_ = true;
  request.Clear();
  EXPECT_EQ(ReasonOf(List(request, response)), reasons::kDatabaseUnavailable);
}

TEST_F(LocationServiceTest, ALocationIsFoundByItsCode) {
  v1::Location location;
  FAIRWAY_ASSERT_OK(GetLocation("CNSHA", location));
  EXPECT_EQ(location.kind(), v1::LOCATION_KIND_PORT);
  EXPECT_THAT(location.ancestors(), ElementsAre("asia", "world"));
  FAIRWAY_ASSERT_OK(GetLocation("world", location));
  EXPECT_EQ(location.kind(), v1::LOCATION_KIND_REGION);
  EXPECT_EQ(location.port_count(), 3);
  EXPECT_THAT(location.ancestors(), IsEmpty());
}

TEST_F(LocationServiceTest, LocationsAreRefused) {
  v1::Location location;
  EXPECT_EQ(ReasonOf(GetLocation("USLAX", location)), reasons::kLocationNotFound);
  EXPECT_EQ(ReasonOf(GetLocation("no way", location)), reasons::kInvalidLocation);
  EXPECT_EQ(ReasonOf(GetLocation("", location)), reasons::kInvalidLocation);
  is_away_ = true;
  EXPECT_EQ(ReasonOf(GetLocation("CNSHA", location)), reasons::kDatabaseUnavailable);
}

}  // namespace
}  // namespace fairway::query
