#include "libs/rpc/arena_message.h"

#include <string>

#include "fairway/v1/batch.pb.h"
#include "gtest/gtest.h"

namespace fairway::rpc {
namespace {

std::string EncodedRows(int count) {
  v1::PriceChunk chunk;
  for (int i = 0; i < count; ++i) {
    v1::Price& price = *chunk.mutable_rows()->add_prices();
    price.set_origin("CNSHA");
    price.set_destination("a text that does not fit into the string itself");
    price.set_price(i);
  }
  return chunk.SerializeAsString();
}

// Growing, shrinking and beyond what one block holds: nothing is left of the message before.
TEST(ArenaMessageTest, HoldsWhatWasReadLast) {
  ArenaMessage<v1::PriceChunk> message;
  for (const int rows : {1, 20'000, 3, 200'000, 0, 20'000}) {
    const std::string encoded = EncodedRows(rows);
    ASSERT_TRUE(message.Renew()->ParseFromString(encoded));
    EXPECT_EQ(message.get()->rows().prices_size(), rows);
    EXPECT_EQ(message.get()->SerializeAsString(), encoded);
  }
}

TEST(ArenaMessageTest, IsEmptyWhenRenewed) {
  ArenaMessage<v1::PriceChunk> message;
  ASSERT_TRUE(message.Renew()->ParseFromString(EncodedRows(10)));
  EXPECT_EQ(message.Renew()->form_case(), v1::PriceChunk::FORM_NOT_SET);
}

}  // namespace
}  // namespace fairway::rpc
