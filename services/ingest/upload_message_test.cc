#include "services/ingest/upload_message.h"

#include <string>

#include "fairway/v1/price_ingest_service.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::ingest {
namespace {

TEST(UploadMessageTest, IsOneOfThreeParts) {
  v1::UploadBatchRequest request;
  request.mutable_chunk()->mutable_rows();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadMessage chunk,
                               ParseUploadMessage(request.SerializeAsString()));
  EXPECT_EQ(chunk.part, UploadPart::kChunk);
  request.mutable_end()->set_row_count(0);
  const std::string end = request.SerializeAsString();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadMessage message, ParseUploadMessage(end));
  EXPECT_EQ(message.part, UploadPart::kEnd);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadEnd read, ParseEncodedEnd(message.bytes));
  EXPECT_EQ(read.row_count, 0);
}

TEST(UploadMessageTest, NothingElseIs) {
  const std::string end("\x1A\x00", 2);
  for (const std::string& bytes :
       {std::string(), std::string("\x18\x01"), end + end, end + "\x18\x01", "\x18\x01" + end,
        std::string("\x0A\x00\x12\x00", 4), std::string("\x22\x00", 2), std::string("\x1A\x01"),
        end + '\xFF', std::string("\x1B\x1C")}) {
    EXPECT_EQ(ReasonOf(ParseUploadMessage(bytes).status()), reasons::kInvalidRequest);
  }
  EXPECT_EQ(ReasonOf(ParseUploadMessage(std::string("\x18\x01\xFF\xFF\xFF")).status()),
            reasons::kInvalidRequest);
}

TEST(UploadMessageTest, HeadersAndEndsAreReadStrictly) {
  v1::BatchHeader header;
  header.set_partner("acme");
  header.set_batch_id("batch-1");
  header.set_declared_row_count(3);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const UploadHeader read,
                               ParseEncodedHeader(header.SerializeAsString()));
  EXPECT_EQ(read.key.partner, "acme");
  EXPECT_EQ(read.declared_row_count, 3);
  header.set_label("\xCD");
  EXPECT_EQ(ReasonOf(ParseEncodedHeader(header.SerializeAsString()).status()),
            reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(ParseEncodedHeader("\x40\x01").status()), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(ParseEncodedEnd("\x18\x01").status()), reasons::kInvalidRequest);
  std::string unknown;
  for (int i = 0; i < 100'000; ++i) unknown += "\xF8\x01\x01";
  EXPECT_EQ(ReasonOf(ParseEncodedEnd(unknown).status()), reasons::kInvalidRequest);
}

}  // namespace
}  // namespace fairway::ingest
