#include "libs/object_store/object_address.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/sha256.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/object_store/endpoint.h"

namespace fairway::object_store {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

Environment Has(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

TEST(ObjectAddressTest, KeysAreTakenAsTheyAre) {
  const ObjectAddress plain = {.bucket = "prices", .key = "a b+c%20d/ü?x=1&y"};
  EXPECT_THAT(ParseObjectUrl("s3://prices/a b+c%20d/ü?x=1&y"), IsOkAndHolds(plain));
  EXPECT_THAT(ParseObjectUrl("s3://prices//x/../y"),
              IsOkAndHolds(ObjectAddress{.bucket = "prices", .key = "/x/../y"}));
}

TEST(ObjectAddressTest, VersionsAreRead) {
  const ObjectAddress versioned = {.bucket = "prices", .key = "a?b", .version = "3s_L.4-"};
  EXPECT_THAT(ParseObjectUrl("s3://prices/a?b?versionId=3s_L.4-"), IsOkAndHolds(versioned));
  EXPECT_EQ(ToString(versioned), "s3://prices/a?b?versionId=3s_L.4-");
  EXPECT_THAT(ParseObjectUrl("s3://prices/a?versionId="),
              IsOkAndHolds(ObjectAddress{.bucket = "prices", .key = "a"}));
}

TEST(ObjectAddressTest, WhatIsNoObjectIsRefused) {
  for (const std::string& url :
       {std::string("prices.csv"), std::string("s3://prices"), std::string("s3://prices/"),
        std::string("s3:///key"), std::string("s3://Prices/key"), std::string("s3://ab/key"),
        "s3://prices/" + std::string(1025, 'x')}) {
    EXPECT_THAT(ParseObjectUrl(url), StatusIs(absl::StatusCode::kInvalidArgument)) << url;
  }
}

TEST(ObjectAddressTest, BucketsAndKeysHaveTheirLengths) {
  const auto is_object = [](const std::string& bucket, const std::string& key) {
    return CheckObjectAddress({.bucket = bucket, .key = key}).ok();
  };
  EXPECT_TRUE(is_object("a-1", "k"));
  EXPECT_TRUE(is_object("a.1", "k"));
  EXPECT_FALSE(is_object("a_1", "k"));
  EXPECT_FALSE(is_object("ab", "k"));
  EXPECT_TRUE(is_object(std::string(63, 'a'), "k"));
  EXPECT_FALSE(is_object(std::string(64, 'a'), "k"));
  EXPECT_FALSE(is_object("abc", ""));
  EXPECT_TRUE(is_object("abc", std::string(1'024, 'k')));
  EXPECT_FALSE(is_object("abc", std::string(1'025, 'k')));
}

TEST(ObjectAddressTest, TheLastVersionMarkCounts) {
  EXPECT_THAT(
      ParseObjectUrl("s3://prices/a?versionId=b?versionId=c"),
      IsOkAndHolds(ObjectAddress{.bucket = "prices", .key = "a?versionId=b", .version = "c"}));
}

TEST(UriEncodeTest, EncodesAllThatSignaturesWantEncoded) {
  EXPECT_EQ(UriEncode("aZ09-._~", true), "aZ09-._~");
  EXPECT_EQ(UriEncode("a b+c/ü=&?'(*)!@:%", true),
            "a%20b%2Bc/%C3%BC%3D%26%3F%27%28%2A%29%21%40%3A%25");
  EXPECT_EQ(UriEncode("a/b", false), "a%2Fb");
}

TEST(EndpointTest, BucketsOfAwsAreHosts) {
  const Endpoint endpoint = EndpointFrom(Has({{"AWS_REGION", "eu-central-1"}})).value();
  EXPECT_EQ(endpoint.UrlOf({.bucket = "prices", .key = "a b/c", .version = "v/1"}),
            "https://prices.s3.eu-central-1.amazonaws.com/a%20b/c?versionId=v%2F1");
  EXPECT_EQ(endpoint.UrlOf({.bucket = "prices.acme", .key = "a"}),
            "https://s3.eu-central-1.amazonaws.com/prices.acme/a");
  EXPECT_EQ(EndpointFrom(Has({{"AWS_DEFAULT_REGION", "cn-north-1"}}))
                .value()
                .UrlOf({.bucket = "prices", .key = "a"}),
            "https://prices.s3.cn-north-1.amazonaws.com.cn/a");
}

TEST(EndpointTest, BucketsOfOtherStoresAreFolders) {
  const Endpoint endpoint = EndpointFrom(Has({{"AWS_ENDPOINT_URL", "http://elsewhere"},
                                              {"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000/"}}))
                                .value();
  EXPECT_EQ(endpoint.UrlOf({.bucket = "prices", .key = "a"}), "http://127.0.0.1:9000/prices/a");
  EXPECT_EQ(endpoint.region, "us-east-1");
  EXPECT_EQ(EndpointFrom(Has({{"AWS_ENDPOINT_URL", "https://store"}, {"AWS_REGION", "r"}}))
                .value()
                .UrlOf({.bucket = "prices", .key = "a"}),
            "https://store/prices/a");
}

TEST(EndpointTest, WhatIsMissingIsReported) {
  EXPECT_THAT(EndpointFrom(Has({})).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("AWS_REGION")));
  EXPECT_THAT(EndpointFrom(Has({{"AWS_ENDPOINT_URL", "localhost:9000"}})).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("http://")));
}

TEST(Sha256Test, IsTheSameInPieces) {
  EXPECT_EQ(Sha256Of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.Add("a");
  pieces.Add("");
  pieces.Add("bc");
  EXPECT_EQ(pieces.Finish(), Sha256Of("abc"));
}

}  // namespace
}  // namespace fairway::object_store
