#include "libs/http/curl_client.h"

#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/http/testing/canned_server.h"

namespace fairway::http {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Request Get(const CannedServer& server, const std::string& path) {
  return {.url = server.url() + path, .is_local = true};
}

TEST(CurlClientTest, ExchangesRequestForResponse) {
  CannedServer server(
      {"HTTP/1.1 206 Partial Content\r\nETag: \"e\"\r\nContent-Length: 4\r\n\r\nabcd",
       "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"});
  CurlClient client({});
  Request request = Get(server, "/b/a%20b/../c//d?versionId=v");
  request.headers = {{"Range", "bytes=0-3"}};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const Response response, client.Send(request, {}));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.Header("etag"), "\"e\"");
  EXPECT_EQ(response.body, "abcd");
  EXPECT_THAT(server.requests()[0], AllOf(HasSubstr("GET /b/a%20b/../c//d?versionId=v HTTP/1.1"),
                                          HasSubstr("Range: bytes=0-3\r\n")));
  EXPECT_EQ(client.Send(Get(server, "/x"), {})->status, 404);
}

TEST(CurlClientTest, SignsWhatS3Checks) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  CurlClient client({});
  Request request = Get(server, "/b/k");
  request.headers = {{"If-Match", "\"e\""}, {"x-amz-content-sha256", "abc"}};
  request.signing_key = SigningKey{.access_key_id = "ID",
                                   .secret_access_key = "very-secret",
                                   .session_token = "token",
                                   .region = "eu-west-1"};
  FAIRWAY_ASSERT_OK(client.Send(request, {}));
  EXPECT_THAT(server.requests()[0],
              AllOf(HasSubstr("Authorization: AWS4-HMAC-SHA256 Credential=ID/"),
                    HasSubstr("/eu-west-1/s3/aws4_request, SignedHeaders=host;if-match;"
                              "x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="),
                    HasSubstr("x-amz-security-token: token"), Not(HasSubstr("very-secret"))));
}

TEST(CurlClientTest, SendsBodies) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  CurlClient client({});
  Request request = Get(server, "/b/k");
  request.method = "PUT";
  request.body = "a,b\n";
  request.headers = {{"Content-Type", "text/csv"}};
  FAIRWAY_ASSERT_OK(client.Send(request, {}));
  EXPECT_THAT(server.requests()[0], AllOf(HasSubstr("PUT /b/k"), HasSubstr("Content-Length: 4\r\n"),
                                          HasSubstr("Content-Type: text/csv\r\n")));
}

TEST(CurlClientTest, HeadsHaveNoBody) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"});
  CurlClient client({});
  Request request = Get(server, "/b/k");
  request.method = "HEAD";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const Response response, client.Send(request, {}));
  EXPECT_EQ(response.Header("content-length"), "12345");
  EXPECT_EQ(response.body, "");
}

TEST(CurlClientTest, ConnectionsThatAreCutAreToldFromShortAnswers) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly so much",
                       "HTTP/1.1 200 OK\r\nConte", ""});
  CurlClient client({});
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client.Send(Get(server, "/"), {}), StatusIs(absl::StatusCode::kUnavailable)) << i;
  }
}

TEST(CurlClientTest, AnswersHaveABound) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"});
  CurlClient client({});
  Request request = Get(server, "/");
  request.response_bytes_max = 10;
  EXPECT_THAT(client.Send(request, {}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("longer")));
}

TEST(CurlClientTest, AServerThatIsNotThereIsUnavailable) {
  CurlClient client({});
  EXPECT_THAT(client.Send({.url = "http://127.0.0.1:1/", .is_local = true}, {}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(client.Send({.url = "ftp://127.0.0.1:1/", .is_local = true}, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(CurlClientTest, AServerThatSaysNothingIsLeft) {
  const CannedServer silent({});
  CurlClient client({.stall_timeout = absl::Seconds(1)});
  EXPECT_THAT(client.Send(Get(silent, "/"), {}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(CurlClientTest, StoppingEndsATransfer) {
  const CannedServer silent({});
  CurlClient client({.stall_timeout = absl::Hours(1)});
  std::stop_source stop;
  std::thread stopper([&] { stop.request_stop(); });
  EXPECT_THAT(client.Send(Get(silent, "/"), stop.get_token()),
              StatusIs(absl::StatusCode::kCancelled));
  stopper.join();
}

}  // namespace
}  // namespace fairway::http
