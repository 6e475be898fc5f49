#include "libs/rpc/message_check.h"

#include <string>

#include "fairway/v1/price_ingest_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/domain/error_details.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;

constexpr MessageRules kStrict = {.fields_max = 10};
constexpr MessageRules kLenient = {
    .fields_max = 10, .unknown_fields_allowed = true, .repetition_allowed = true};

template <typename Message>
absl::Status Check(absl::string_view bytes, const MessageRules& rules) {
  return CheckMessage(*Message::descriptor(), bytes, rules);
}

// Strictly, whatever the rules: INVALID_REQUEST, with these words.
template <typename Message>
void ExpectRefused(const std::string& bytes, absl::string_view words) {
  const absl::Status status = Check<Message>(bytes, kStrict);
  EXPECT_EQ(ReasonOf(status), "INVALID_REQUEST");
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(words)));
}

TEST(MessageCheckTest, WhatProtobufWritesPasses) {
  v1::ListBatchesRequest request;
  request.set_partner("acme");
  request.add_states(v1::BATCH_STATE_FAILED);
  request.add_states(v1::BATCH_STATE_EXPIRED);
  request.mutable_created_from()->set_seconds(-1);
  FAIRWAY_EXPECT_OK(Check<v1::ListBatchesRequest>(request.SerializeAsString(), kStrict));
  FAIRWAY_EXPECT_OK(Check<v1::ListBatchesRequest>("", kStrict));
}

TEST(MessageCheckTest, UnknownFieldsAreNamedAtAnyDepth) {
  ExpectRefused<v1::BatchHeader>("\xF8\x01\x01", "fairway.v1.BatchHeader: field 31");
  ExpectRefused<v1::PriceRows>(std::string("\x0A\x02\x28\x01"), "fairway.v1.Price: field 5");
  ExpectRefused<v1::BatchHeader>("\x13\x14", "fairway.v1.BatchHeader: field 2");
  ExpectRefused<v1::BatchHeader>("\x10\x01", "field 2 has another type");
  ExpectRefused<v1::BatchHeader>(
      "\x0A\x01"
      "a\x0A\x01"
      "b",
      "field 1 comes twice");
  ExpectRefused<v1::PriceRows>("\x0A\x02\x28", "cannot be parsed");
}

TEST(MessageCheckTest, UnknownFieldsPassWhereTheyMay) {
  FAIRWAY_EXPECT_OK(Check<v1::BatchHeader>("\xF8\x01\x01", kLenient));
  FAIRWAY_EXPECT_OK(Check<v1::BatchHeader>("\x10\x01", kLenient));
  FAIRWAY_EXPECT_OK(Check<v1::PriceRows>("\xFB\x01\x0A\x01\x05\xFC\x01", kLenient)) << "in a group";
  EXPECT_EQ(ReasonOf(Check<v1::PriceRows>("\x0A\x05", kLenient)), "INVALID_REQUEST");
}

TEST(MessageCheckTest, CountsBeforeAnythingIsCopied) {
  std::string empty_rows;
  for (int i = 0; i < 11; ++i) empty_rows += std::string("\x0A\x00", 2);
  EXPECT_THAT(std::string(Check<v1::PriceRows>(empty_rows, kLenient).message()),
              HasSubstr("more than 10 fields"));
  empty_rows.resize(20);
  FAIRWAY_EXPECT_OK(Check<v1::PriceRows>(empty_rows, kLenient));
  v1::PriceColumns columns;
  for (int i = 0; i < 11; ++i) columns.add_prices(1);
  EXPECT_EQ(ReasonOf(Check<v1::PriceColumns>(columns.SerializeAsString(), kLenient)),
            "INVALID_REQUEST")
      << "packed numbers";
  std::string unknown;
  for (int i = 0; i < 11; ++i) unknown += "\xF8\x01\x01";
  EXPECT_EQ(ReasonOf(Check<v1::BatchHeader>(unknown, kLenient)), "INVALID_REQUEST");
}

}  // namespace
}  // namespace fairway::rpc
