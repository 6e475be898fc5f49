#include "libs/rpc/server/known_fields.h"

#include <string>

#include "fairway/v1/price_ingest_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::rpc {
namespace {

using ::testing::HasSubstr;

template <typename Message>
absl::Status Check(absl::string_view bytes) {
  return CheckKnownFields(*Message::descriptor(), bytes, /*fields_max=*/10);
}

// INVALID_REQUEST, with these words.
template <typename Message>
void ExpectRefused(const std::string& bytes, absl::string_view words) {
  const absl::Status status = Check<Message>(bytes);
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest);
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(words)));
}

TEST(KnownFieldsTest, WhatProtobufWritesPasses) {
  v1::ListBatchesRequest request;
  request.set_partner("acme");
  request.add_states(v1::BATCH_STATE_FAILED);
  request.add_states(v1::BATCH_STATE_EXPIRED);
  request.mutable_created_from()->set_seconds(-1);
  FAIRWAY_EXPECT_OK(Check<v1::ListBatchesRequest>(request.SerializeAsString()));
  FAIRWAY_EXPECT_OK(Check<v1::ListBatchesRequest>(""));
}

TEST(KnownFieldsTest, UnknownFieldsAreNamedAtAnyDepth) {
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
  ExpectRefused<v1::BatchHeader>("\x14", "field 2 is unknown");
  ExpectRefused<v1::PriceColumns>("\x15\x01\x01\x01\x01", "field 2 has another type");
  ExpectRefused<v1::BatchEnd>(std::string("\x0A\x01\x01"), "field 1 has another type");
}

TEST(KnownFieldsTest, CountsBeforeAnythingIsCopied) {
  std::string empty_rows;
  for (int i = 0; i < 11; ++i) empty_rows += std::string("\x0A\x00", 2);
  ExpectRefused<v1::PriceRows>(empty_rows, "more than 10 fields");
  FAIRWAY_EXPECT_OK(CheckKnownFields(*v1::PriceRows::descriptor(), empty_rows)) << "any number";
  empty_rows.resize(20);
  FAIRWAY_EXPECT_OK(Check<v1::PriceRows>(empty_rows));
  v1::PriceColumns columns;
  for (int i = 0; i < 10; ++i) columns.add_prices(1);
  ExpectRefused<v1::PriceColumns>(columns.SerializeAsString(), "more than 10 fields");
}

}  // namespace
}  // namespace fairway::rpc
