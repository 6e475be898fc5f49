#include "libs/object_store/credentials.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/http/testing/fake_client.h"

namespace fairway::object_store {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

class CredentialsTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<CredentialsProvider>> Make() {
    return MakeCredentialsProvider([this](const std::string& name) { return variables_[name]; },
                                   &http_, &clock_);
  }
  static absl::StatusOr<http::Response> Keys(int number, absl::Time expiry) {
    return http::Response{
        .status = 200,
        .body = absl::StrCat(R"({"AccessKeyId":"id)", number,
                             R"(","SecretAccessKey":"secret","Token":"token","Expiration":")",
                             absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expiry, absl::UTCTimeZone()),
                             "\"}")};
  }

  std::map<std::string, std::string> variables_;
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  http::FakeClient::Answer answer_ = [this](const http::Request&, int number) {
    return Keys(number, clock_.Now() + absl::Hours(1));
  };
  http::FakeClient http_{
      [this](const http::Request& request, int number) { return answer_(request, number); }};
};

TEST_F(CredentialsTest, KeysOfTheEnvironmentComeFirst) {
  variables_ = {{"AWS_ACCESS_KEY_ID", "id"},
                {"AWS_SECRET_ACCESS_KEY", "secret"},
                {"AWS_SESSION_TOKEN", "token"},
                {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}};
  const auto provider = Make().value();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const Credentials credentials, provider->Get({}));
  EXPECT_EQ(credentials.access_key_id + credentials.secret_access_key + credentials.session_token,
            "idsecrettoken");
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(CredentialsTest, ATaskAsksItsAgentAndRenewsInTime) {
  variables_ = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"},
                {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer t"}};
  const auto provider = Make().value();
  EXPECT_EQ(provider->Get({})->access_key_id, "id0");
  EXPECT_EQ(http_.requests()[0].url, "http://169.254.170.2/v2/x");
  EXPECT_EQ(http::FakeClient::HeaderOf(http_.requests()[0], "Authorization"), "Bearer t");
  EXPECT_TRUE(http_.requests()[0].is_local);
  clock_.Advance(absl::Minutes(54));
  EXPECT_EQ(provider->Get({})->access_key_id, "id0");
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(provider->Get({})->access_key_id, "id1");
  provider->Forget();
  EXPECT_EQ(provider->Get({})->access_key_id, "id2");
}

TEST_F(CredentialsTest, KeysAreRenewedFiveMinutesBeforeTheyExpire) {
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  const auto provider = Make().value();
  EXPECT_EQ(provider->Get({})->session_token, "token");
  clock_.Advance(absl::Minutes(55) - absl::Seconds(1));
  EXPECT_EQ(provider->Get({})->access_key_id, "id0");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(provider->Get({})->access_key_id, "id1");
}

TEST_F(CredentialsTest, HalfAKeyOfTheEnvironmentIsNone) {
  for (const char* half : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
    variables_ = {{half, "x"}, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}};
    EXPECT_EQ(Make().value()->Get({})->secret_access_key, "secret") << half;
  }
  EXPECT_EQ(http_.requests().size(), 2) << "the agent is asked";
}

TEST_F(CredentialsTest, OldKeysServeWhileTheAgentIsAway) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:80/x";
  const auto provider = Make().value();
  EXPECT_EQ(provider->Get({})->access_key_id, "id0");
  answer_ = [](const http::Request&, int) { return absl::UnavailableError("away"); };
  clock_.Advance(absl::Minutes(58));
  EXPECT_EQ(provider->Get({})->access_key_id, "id0");
  clock_.Advance(absl::Minutes(2));
  EXPECT_THAT(provider->Get({}), StatusIs(absl::StatusCode::kUnavailable)) << "they expire now";
}

TEST_F(CredentialsTest, TheTokenOfAFileIsReadEachTime) {
  const std::string path = absl::StrCat(::testing::TempDir(), "fairway-token-", ::getpid());
  variables_ = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://agent/x"},
                {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path}};
  const auto provider = Make().value();
  EXPECT_THAT(provider->Get({}), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr(path)));
  for (const char* token : {"one", "two"}) {
    std::ofstream(path) << token << "\n";
    provider->Forget();
    FAIRWAY_ASSERT_OK(provider->Get({}));
    EXPECT_EQ(http::FakeClient::HeaderOf(http_.requests().back(), "Authorization"), token);
  }
  std::remove(path.c_str());
}

TEST_F(CredentialsTest, AnswersWithoutKeysAreNone) {
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  const auto provider = Make().value();
  const auto says = [&](int status, const std::string& body) {
    answer_ = [status, body](const http::Request&, int) {
      return http::Response{.status = status, .body = body};
    };
    return provider->Get({}).status().code();
  };
  EXPECT_EQ(says(200, "<html>"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(200, "[1]"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(200, R"({"AccessKeyId":1})"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(200, R"({"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"soon"})"),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(200, R"({"AccessKeyId":"a"})"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(200, R"({"SecretAccessKey":"b"})"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(503, ""), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(500, ""), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(499, ""), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(says(429, ""), absl::StatusCode::kUnavailable);
  EXPECT_EQ(says(404, ""), absl::StatusCode::kUnauthenticated);
}

TEST_F(CredentialsTest, NoTokenGoesToStrangersInTheClear) {
  for (const char* url : {"http://example.com/x", "http://169.254.170.2.example.com/x",
                          "http://127.0.0.1@example.com/x", "ftp://127.0.0.1/x", "127.0.0.1/x"}) {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_THAT(Make().status(), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr(url)));
  }
}

TEST_F(CredentialsTest, NoneIsAnError) {
  EXPECT_THAT(Make().status(),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("AWS_ACCESS_KEY_ID")));
}

}  // namespace
}  // namespace fairway::object_store
