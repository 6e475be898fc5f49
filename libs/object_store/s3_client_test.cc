#include "libs/object_store/s3_client.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/sha256.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/http/testing/fake_client.h"
#include "libs/object_store/s3_error.h"

namespace fairway::object_store {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

constexpr RetryOptions kQuick = {.attempts_max = 3,
                                 .first_pause = absl::Milliseconds(1),
                                 .longest_pause = absl::Milliseconds(2)};

class CountingCredentials final : public CredentialsProvider {
 public:
  absl::StatusOr<Credentials> Get(const std::stop_token&) override {
    return Credentials{.access_key_id = absl::StrCat("id", forgotten_),
                       .secret_access_key = "secret",
                       .session_token = "token"};
  }
  void Forget() override { ++forgotten_; }

 private:
  int forgotten_ = 0;
};

http::Response Error(int status, absl::string_view code) {
  return {.status = status,
          .body = absl::StrCat("<?xml version=\"1.0\"?>\n<Error><Code>", code,
                               "</Code><Message>because</Message></Error>")};
}

class S3ClientTest : public ::testing::Test {
 protected:
  // What the operation says when each answer of S3 is this one.
  absl::Status StatusOfRead(const http::Response& response) {
    answer_ = [response](const http::Request&, int) { return response; };
    return client_.ReadRange(address_, "\"e\"", 0, 4).status();
  }

  const ObjectAddress address_ = {.bucket = "prices", .key = "in/a b", .version = "v"};
  http::FakeClient::Answer answer_;
  http::FakeClient http_{
      [this](const http::Request& request, int number) { return answer_(request, number); }};
  CountingCredentials credentials_;
  S3Client client_{Endpoint{.region = "eu-west-1", .url = "http://store"}, &http_, &credentials_,
                   kQuick};
};

TEST_F(S3ClientTest, RangesAreAskedForByTheETagAndSigned) {
  answer_ = [](const http::Request&, int) { return http::Response{.status = 206, .body = "abcd"}; };
  EXPECT_THAT(client_.ReadRange(address_, "\"e\"", 8, 4), IsOkAndHolds("abcd"));
  const http::Request request = http_.requests()[0];
  EXPECT_EQ(request.url, "http://store/prices/in/a%20b?versionId=v");
  EXPECT_EQ(http::FakeClient::HeaderOf(request, "Range"), "bytes=8-11");
  EXPECT_EQ(http::FakeClient::HeaderOf(request, "If-Match"), "\"e\"");
  EXPECT_EQ(http::FakeClient::HeaderOf(request, "x-amz-content-sha256"), Sha256Of(""));
  EXPECT_EQ(request.signing_key->region, "eu-west-1");
  EXPECT_EQ(request.signing_key->session_token, "token");
}

TEST_F(S3ClientTest, WhatPassesIsTriedAgain) {
  answer_ = [](const http::Request&, int number) -> absl::StatusOr<http::Response> {
    if (number == 0) return absl::UnavailableError("connection reset");
    if (number == 1) return Error(503, "SlowDown");
    return http::Response{.status = 206, .body = "abcd"};
  };
  EXPECT_THAT(client_.ReadRange(address_, "\"e\"", 0, 4), IsOkAndHolds("abcd"));
  EXPECT_EQ(http_.requests().size(), 3);
}

TEST_F(S3ClientTest, TryingAgainHasAnEnd) {
  EXPECT_THAT(StatusOfRead(Error(500, "InternalError")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(http_.requests().size(), 3);
  EXPECT_THAT(StatusOfRead(Error(404, "NoSuchKey")), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(http_.requests().size(), 4) << "what is final is not tried again";
}

TEST_F(S3ClientTest, StoppingEndsThePause) {
  std::stop_source stop;
  answer_ = [&](const http::Request&, int) {
    stop.request_stop();
    return absl::UnavailableError("away");
  };
  S3Client patient(Endpoint{.region = "r", .url = "http://store"}, &http_, &credentials_,
                   {.first_pause = absl::Hours(1), .longest_pause = absl::Hours(1)});
  EXPECT_THAT(patient.ReadRange(address_, "\"e\"", 0, 4, stop.get_token()),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(S3ClientTest, ExpiredKeysAreReplaced) {
  answer_ = [](const http::Request& request, int) {
    if (request.signing_key->access_key_id == "id0") return Error(400, "ExpiredToken");
    return http::Response{.status = 206, .body = "abcd"};
  };
  EXPECT_THAT(client_.ReadRange(address_, "\"e\"", 0, 4), IsOkAndHolds("abcd"));
}

TEST_F(S3ClientTest, FailuresAreToldApart) {
  EXPECT_THAT(StatusOfRead(Error(404, "NoSuchBucket")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such bucket")));
  EXPECT_THAT(StatusOfRead(Error(404, "NoSuchVersion")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such version")));
  EXPECT_THAT(StatusOfRead(Error(403, "AccessDenied")),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("s3://prices/in/a b")));
  EXPECT_THAT(StatusOfRead(Error(403, "SignatureDoesNotMatch")),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("because")));
  EXPECT_THAT(StatusOfRead(Error(412, "PreconditionFailed")),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("replaced")));
  EXPECT_THAT(StatusOfRead(Error(400, "Strange")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("HTTP 400 Strange")));
  http::Response moved = Error(301, "PermanentRedirect");
  moved.headers["x-amz-bucket-region"] = "us-west-2";
  EXPECT_THAT(StatusOfRead(moved),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("us-west-2")));
}

TEST_F(S3ClientTest, AnAnswerOfAnotherLengthIsNone) {
  EXPECT_THAT(StatusOfRead({.status = 206, .body = "abc"}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("got 3")));
  EXPECT_THAT(StatusOfRead({.status = 200, .body = "abcdefgh"}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(StatusOfRead({.status = 200, .body = "abcd"}), ::fairway::testing::IsOk())
      << "a store without ranges may answer with all of it";
  EXPECT_THAT(client_.ReadRange(address_, "\"e\"", 4, 4), StatusIs(absl::StatusCode::kUnavailable))
      << "the beginning is not the middle";
  EXPECT_THAT(StatusOfRead({.status = 201, .body = "abcd"}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(S3ClientTest, AnAnswerHasRoomForAnError) {
  EXPECT_THAT(StatusOfRead({.status = 206, .body = "abcd"}), ::fairway::testing::IsOk());
  EXPECT_EQ(http_.requests()[0].response_bytes_max, 4 + 64 * 1024);
}

TEST_F(S3ClientTest, CodesOfS3SayWhetherToTryAgain) {
  const auto code_of = [&](int status, absl::string_view code) {
    return StatusOfRead(Error(status, code)).code();
  };
  for (const char* code :
       {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "RequestTimeTooSkewed"}) {
    EXPECT_EQ(code_of(403, code), absl::StatusCode::kUnauthenticated) << code;
  }
  EXPECT_EQ(code_of(401, "x"), absl::StatusCode::kUnauthenticated);
  for (const char* code : {"SlowDown", "RequestTimeout", "InternalError", "OperationAborted"}) {
    EXPECT_EQ(code_of(400, code), absl::StatusCode::kUnavailable) << code;
  }
  for (const int status : {429, 500, 502, 599}) {
    EXPECT_EQ(code_of(status, "x"), absl::StatusCode::kUnavailable) << status;
  }
  EXPECT_EQ(code_of(499, "x"), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusOfRead(Error(400, "AuthorizationHeaderMalformed")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another region")));
  http::Response deleted = {.status = 404};
  deleted.headers["x-amz-delete-marker"] = "true";
  EXPECT_THAT(StatusOfRead(deleted), StatusIs(absl::StatusCode::kNotFound, HasSubstr("deleted")));
}

TEST(S3ErrorTest, AnExpiredTokenIsOneThatIsNotAccepted) {
  EXPECT_THAT(S3Error(Error(400, "ExpiredToken"), {.bucket = "prices", .key = "a"}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(S3ClientTest, ContentThatLooksLikeAnErrorIsContent) {
  answer_ = [](const http::Request&, int) {
    return http::Response{.status = 206, .body = "<Error>"};
  };
  EXPECT_THAT(client_.ReadRange(address_, "\"e\"", 0, 7), IsOkAndHolds("<Error>"));
}

TEST_F(S3ClientTest, StatReturnsSizeAndIdentity) {
  answer_ = [](const http::Request&, int) {
    return http::Response{
        .status = 200,
        .headers = {
            {"content-length", "12345678901"}, {"etag", "\"e-3\""}, {"x-amz-version-id", "null"}}};
  };
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ObjectInfo info, client_.Stat(address_));
  EXPECT_EQ(http_.requests()[0].method, "HEAD");
  EXPECT_EQ(info.size, 12'345'678'901);
  EXPECT_EQ(info.etag, "\"e-3\"");
  EXPECT_EQ(info.version, "");
}

TEST_F(S3ClientTest, StatNeedsAnETag) {
  answer_ = [](const http::Request&, int) {
    return http::Response{.status = 200, .headers = {{"content-length", "5"}}};
  };
  EXPECT_THAT(client_.Stat(address_), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(S3ClientTest, StatAsksForTheReasonWhereThatHelps) {
  const auto stat = [&](const absl::StatusOr<http::Response>& head,
                        const absl::StatusOr<http::Response>& get) {
    int gets = 0;
    answer_ = [&](const http::Request& request, int) {
      if (request.method != "HEAD") ++gets;
      return request.method == "HEAD" ? head : get;
    };
    return std::pair(client_.Stat(address_).status().code(), gets);
  };
  using Outcome = std::pair<absl::StatusCode, int>;
  const http::Response missing = {.status = 404};
  EXPECT_EQ(stat(absl::UnavailableError("away"), missing),
            Outcome(absl::StatusCode::kUnavailable, 0));
  EXPECT_EQ(stat(absl::CancelledError("stopped"), missing),
            Outcome(absl::StatusCode::kCancelled, 0));
  EXPECT_EQ(stat(missing, absl::CancelledError("stopped")),
            Outcome(absl::StatusCode::kNotFound, 1));
  EXPECT_EQ(stat(missing, http::Response{.status = 206}), Outcome(absl::StatusCode::kNotFound, 1))
      << "it came meanwhile";
}

TEST_F(S3ClientTest, StatFindsOutWhyNot) {
  answer_ = [](const http::Request& request, int) {
    return request.method == "HEAD" ? http::Response{.status = 404} : Error(404, "NoSuchBucket");
  };
  EXPECT_THAT(client_.Stat(address_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such bucket")));
}

TEST_F(S3ClientTest, CopiesNameTheirSource) {
  answer_ = [](const http::Request&, int) {
    return http::Response{.status = 200, .body = "<Copy/>"};
  };
  FAIRWAY_EXPECT_OK(client_.Copy(address_, {.bucket = "prices", .key = "quarantine/in/a b"}));
  const http::Request request = http_.requests()[0];
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.url, "http://store/prices/quarantine/in/a%20b");
  EXPECT_EQ(http::FakeClient::HeaderOf(request, "x-amz-copy-source"),
            "/prices/in/a%20b?versionId=v");
}

TEST_F(S3ClientTest, ACopyThatFailsHalfwayHasFailed) {
  answer_ = [](const http::Request&, int) { return Error(200, "InternalError"); };
  EXPECT_THAT(client_.Copy(address_, {.bucket = "prices", .key = "x"}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(S3ClientTest, WhatIsPutIsHashed) {
  answer_ = [](const http::Request&, int) { return http::Response{.status = 200}; };
  FAIRWAY_EXPECT_OK(client_.Put(address_, "a,b\n", "text/csv"));
  EXPECT_EQ(http::FakeClient::HeaderOf(http_.requests()[0], "x-amz-content-sha256"),
            Sha256Of("a,b\n"));
  EXPECT_EQ(http_.requests()[0].body, "a,b\n");
}

}  // namespace
}  // namespace fairway::object_store
