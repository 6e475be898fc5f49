#include "services/query/kept_replies.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/rpc/server/message_bytes.h"

namespace fairway::query {
namespace {

constexpr VersionId kVersion = {7, 70};

// Empty where none is kept.
std::string Kept(const KeptReplies& replies, const std::string& request,
                 const VersionId& version = kVersion) {
  const auto reply = replies.Find(request, version);
  return reply ? std::string(rpc::ViewOf(*reply)) : "";
}

TEST(KeptRepliesTest, ArePerRequestAndVersion) {
  KeptReplies replies;
  EXPECT_EQ(Kept(replies, "a request"), "");
  replies.Keep("a request", kVersion, grpc::Slice("a reply"));
  EXPECT_EQ(Kept(replies, "a request"), "a reply");
  EXPECT_EQ(Kept(replies, "a reques"), "");
  EXPECT_EQ(Kept(replies, "a request", {8, 70}), "");
  EXPECT_EQ(Kept(replies, "a request", {7, 71}), "") << "another history";
  replies.Keep("a request", {8, 80}, grpc::Slice("a newer reply"));
  EXPECT_EQ(Kept(replies, "a request"), "");
  EXPECT_EQ(Kept(replies, "a request", {8, 80}), "a newer reply");
}

TEST(KeptRepliesTest, NothingIsKeptOfWhatIsLong) {
  KeptReplies replies;
  const std::string request(256, 'x');
  replies.Keep(request, kVersion, grpc::Slice(std::string(4'096, 'y')));
  EXPECT_EQ(Kept(replies, request).size(), 4'096);
  replies.Keep(request + "x", kVersion, grpc::Slice("a reply"));
  EXPECT_EQ(Kept(replies, request + "x"), "");
  replies.Keep("a request", kVersion, grpc::Slice(std::string(4'097, 'y')));
  EXPECT_EQ(Kept(replies, "a request"), "");
}

TEST(KeptRepliesTest, AreBounded) {
  KeptReplies replies;
  for (int i = 0; i < 100'000; ++i) {
    replies.Keep(absl::StrCat("request ", i), kVersion, grpc::Slice("a reply"));
  }
  int kept = 0;
  for (int i = 0; i < 100'000; ++i)
    kept += Kept(replies, absl::StrCat("request ", i)).empty() ? 0 : 1;
  EXPECT_GT(kept, 500);
  EXPECT_LE(kept, 1'024);
}

}  // namespace
}  // namespace fairway::query
