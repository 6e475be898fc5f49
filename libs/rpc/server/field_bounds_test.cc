#include "libs/rpc/server/field_bounds.h"

#include <google/protobuf/descriptor.pb.h>

#include "absl/strings/str_cat.h"
#include "fairway/v1/price_ingest_service.pb.h"
#include "fairway/v1/rate_query_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway::rpc {
namespace {

using Batch = v1::BatchGetDailyRatesRequest;
using ::testing::HasSubstr;

constexpr FieldBound kLanes = {Batch::kLanesFieldNumber, 3, TooManyLanesError};

absl::Status Check(absl::string_view bytes) {
  return CheckFieldBounds(bytes, *Batch::descriptor(), {kLanes});
}

std::string Repeat(absl::string_view bytes, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all.append(bytes.data(), bytes.size());
  return all;
}

TEST(FieldBoundsTest, PassesWhatIsWithinItsBounds) {
  Batch request;
  FAIRWAY_EXPECT_OK(Check(request.SerializeAsString()));
  for (int i = 0; i < 3; ++i) request.add_lanes()->set_origin("CNSHA");
  request.set_first_date("2026-01-01");
  request.mutable_consistency()->set_at_least(7);
  request.add_statistics(v1::RATE_STATISTIC_MIN);
  FAIRWAY_EXPECT_OK(Check(request.SerializeAsString()));
}

TEST(FieldBoundsTest, CountsRepeatedFields) {
  EXPECT_EQ(ReasonOf(Check(Repeat({"\x0a\x00", 2}, 4))), reasons::kTooManyLanes);
  EXPECT_THAT(Check(Repeat({"\x0a\x00", 2}, 2'000'000)).message(), HasSubstr("2000000"));
}

TEST(FieldBoundsTest, CountsWhatIsNotListedToo) {
  std::string one = "\x30\x01";  // statistics, one by one
  FAIRWAY_EXPECT_OK(Check(Repeat(one, kOtherElementsMax)));
  EXPECT_EQ(ReasonOf(Check(Repeat(one, kOtherElementsMax + 1))), reasons::kInvalidRequest);
  Batch packed;
  for (int i = 0; i <= kOtherElementsMax; ++i) packed.add_statistics(v1::RATE_STATISTIC_MIN);
  EXPECT_THAT(Check(packed.SerializeAsString()).message(), HasSubstr("1001"));
}

TEST(FieldBoundsTest, CountsFieldsThatAreNotKnownAtAnyDepth) {
  const std::string unknown = Repeat({"\xfa\x01\x00", 3}, 1'001);  // Field 31, empty.
  EXPECT_EQ(ReasonOf(Check(unknown)), reasons::kInvalidRequest);
  FAIRWAY_EXPECT_OK(Check(unknown.substr(3)));
  Batch request;
  v1::Lane& lane = *request.add_lanes();
  auto& fields = *lane.GetReflection()->MutableUnknownFields(&lane);
  fields.AddVarint(99, 1);
  FAIRWAY_EXPECT_OK(Check(request.SerializeAsString()));
  for (int i = 0; i < kUnknownFieldsMax; ++i) fields.AddLengthDelimited(99, "");
  EXPECT_EQ(ReasonOf(Check(request.SerializeAsString())), reasons::kInvalidRequest);
}

TEST(FieldBoundsTest, RefusesWhatIsNoMessage) {
  for (const std::string& bytes :
       {std::string("\x0a"),
        std::string("\x0a\x05"
                    "abc"),
        std::string("\x00\x01", 2), std::string("\x0b"), std::string("\x0f\x01"),
        std::string(11, '\xff'), std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        std::string("\x0d\x01")}) {
    EXPECT_EQ(ReasonOf(Check(bytes)), reasons::kInvalidRequest);
  }
}

TEST(FieldBoundsTest, AnEndOfAGroupIsRefusedByItself) {
  EXPECT_EQ(ReasonOf(Check("\x0c")), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Check("\x0b\x0c")), reasons::kInvalidRequest);
}

// The descriptors of protobuf nest, and have repeated fields at every depth.
TEST(FieldBoundsTest, ABoundIsThatOfTheMessageItself) {
  google::protobuf::FileDescriptorProto file;
  auto& nested = *file.add_message_type()->mutable_nested_type();
  constexpr FieldBound kOne = {google::protobuf::FileDescriptorProto::kDependencyFieldNumber, 1};
  static_assert(kOne.number == google::protobuf::DescriptorProto::kNestedTypeFieldNumber);
  const auto check = [&] {
    return CheckFieldBounds(file.SerializeAsString(), *file.GetDescriptor(), {kOne});
  };
  nested.Add();
  nested.Add();
  file.add_dependency("one");
  FAIRWAY_EXPECT_OK(check());
  file.add_dependency("another");
  EXPECT_EQ(ReasonOf(check()), reasons::kInvalidRequest);
}

TEST(FieldBoundsTest, MessagesNestSixteenDeep) {
  google::protobuf::DescriptorProto top;
  google::protobuf::DescriptorProto* deepest = &top;
  for (int depth = 0; depth < 16; ++depth) deepest = deepest->add_nested_type();
  FAIRWAY_EXPECT_OK(CheckFieldBounds(top.SerializeAsString(), *top.GetDescriptor(), {}));
  deepest->add_nested_type();
  EXPECT_EQ(ReasonOf(CheckFieldBounds(top.SerializeAsString(), *top.GetDescriptor(), {})),
            reasons::kInvalidRequest);
}

TEST(FieldBoundsTest, APartOfAnotherTypeIsNotEntered) {
  // first_date, and lanes as a number.
  FAIRWAY_EXPECT_OK(Check(absl::StrCat("\x12\x02", "\xff\xff", "\x08\x01")));
}

}  // namespace
}  // namespace fairway::rpc
