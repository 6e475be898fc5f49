#include "libs/observability/admin_server.h"

#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/net/address.h"
#include "libs/net/descriptor.h"

namespace fairway::observability {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

net::Descriptor Connect(int port, absl::string_view host = "127.0.0.1") {
  const auto addresses = net::Resolve(absl::StrCat(host, ":", port));
  const addrinfo& address = **addresses;
  net::Descriptor client(socket(address.ai_family, SOCK_STREAM, 0));
  EXPECT_EQ(connect(client.get(), address.ai_addr, address.ai_addrlen), 0);
  return client;
}

// What the server answers to one HTTP/1.0 request.
std::string Ask(int port, absl::string_view method, absl::string_view path,
                absl::string_view host = "127.0.0.1") {
  const net::Descriptor client = Connect(port, host);
  const std::string request =
      absl::StrCat(method, " ", path, " HTTP/1.0\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(write(client.get(), request.data(), request.size()), request.size());
  std::string reply;
  std::array<char, 4096> buffer;
  for (ssize_t size; (size = read(client.get(), buffer.data(), buffer.size())) > 0;) {
    reply.append(buffer.data(), static_cast<size_t>(size));
  }
  return reply;
}

class AdminServerTest : public ::testing::Test {
 protected:
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::atomic<bool> ready_ = true;
  std::unique_ptr<AdminServer> server_ =
      AdminServer::Start("127.0.0.1:0", {registry_}, [this] {
        return ready_ ? absl::OkStatus() : absl::UnavailableError("the book is not there");
      }).value();
};

TEST_F(AdminServerTest, ShowsMetrics) {
  prometheus::BuildCounter().Name("a_total").Help("A").Register(*registry_).Add({}).Increment(3);
  const std::string reply = Ask(server_->port(), "GET", "/metrics");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(reply, HasSubstr("a_total 3"));
}

TEST_F(AdminServerTest, IsReadyWhileItsServiceIs) {
  EXPECT_THAT(Ask(server_->port(), "GET", "/readyz"), StartsWith("HTTP/1.1 200"));
  ready_ = false;
  const std::string reply = Ask(server_->port(), "GET", "/readyz");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(reply, HasSubstr("the book is not there"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/livez"), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminServerTest, ChangesNothingAndHasNothingElse) {
  EXPECT_THAT(Ask(server_->port(), "POST", "/metrics"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/etc/passwd"), StartsWith("HTTP/1.1 404"));
}

// Connections that are open and say `words`, or nothing.
std::vector<net::Descriptor> Loiterers(int port, int count, absl::string_view words) {
  std::vector<net::Descriptor> loiterers;
  for (int i = 0; i < count; ++i) {
    loiterers.push_back(Connect(port));
    EXPECT_EQ(write(loiterers.back().get(), words.data(), words.size()), words.size());
  }
  return loiterers;
}

TEST_F(AdminServerTest, AnswersWhateverManySilentSocketsDo) {
  const auto silent = Loiterers(server_->port(), 100, "");
  const auto slow = Loiterers(server_->port(), 100, "GET /readyz HT");
  const absl::Time start = absl::Now();
  EXPECT_THAT(Ask(server_->port(), "GET", "/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
}

TEST_F(AdminServerTest, AnswersWhileOtherClientsReadNothing) {
  auto& family = prometheus::BuildCounter().Name("a_total").Help("A").Register(*registry_);
  for (int i = 0; i < 20'000; ++i) family.Add({{"n", std::to_string(i)}});
  const auto deaf = Loiterers(server_->port(), 16, "GET /metrics HTTP/1.1\r\n\r\n");
  EXPECT_THAT(Ask(server_->port(), "GET", "/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/metrics"), HasSubstr("a_total{n=\"19999\"} 0"));
}

TEST_F(AdminServerTest, RefusesWhatIsNoRequest) {
  EXPECT_THAT(Ask(server_->port(), "\x16\x03\x01", "x"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/x y"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(Ask(server_->port(), "GET", std::string(20'000, 'x')), ::testing::IsEmpty());
  EXPECT_THAT(Ask(server_->port(), "GET", "/readyz?verbose"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(server_->port(), "HEAD", "/readyz"), ::testing::EndsWith("\r\n\r\n"));
}

TEST_F(AdminServerTest, SaysWhatItSends) {
  const std::string ready = Ask(server_->port(), "GET", "/readyz");
  EXPECT_THAT(ready, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(ready, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(ready, HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(ready, ::testing::EndsWith("\r\n\r\nok\n"));
  EXPECT_THAT(Ask(server_->port(), "HEAD", "/readyz"), HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/metrics"),
              HasSubstr("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  ready_ = false;
  EXPECT_THAT(Ask(server_->port(), "GET", "/readyz"),
              StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(Ask(server_->port(), "GET", "/x"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(Ask(server_->port(), "PUT", "/readyz"),
              StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
}

// What is sent until the other side closes.
std::string ReadAll(const net::Descriptor& client) {
  std::string reply;
  std::array<char, 4096> buffer;
  for (ssize_t size; (size = read(client.get(), buffer.data(), buffer.size())) > 0;) {
    reply.append(buffer.data(), static_cast<size_t>(size));
  }
  return reply;
}

// Whether it is open, and nothing came.
bool IsSilent(const net::Descriptor& client) {
  char byte = 0;
  return recv(client.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
}

void Say(const net::Descriptor& client, absl::string_view words) {
  EXPECT_EQ(write(client.get(), words.data(), words.size()), words.size());
}

TEST_F(AdminServerTest, ARequestMayComeInPieces) {
  const net::Descriptor client = Connect(server_->port());
  Say(client, "GET /readyz HTTP/1.1\r\n");
  // The endpoint has one thread: what is answered now came after the first piece.
  EXPECT_THAT(Ask(server_->port(), "GET", "/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(IsSilent(client));
  Say(client, "Host: x\r\n\r\n");
  EXPECT_THAT(ReadAll(client), StartsWith("HTTP/1.1 200"));
}

TEST(HttpEndpointTest, SendsALongReplyPieceByPiece) {
  const std::string body(32 << 20, 'x');  // More than any socket takes at once.
  const auto endpoint =
      HttpEndpoint::Start("127.0.0.1:0", [&](absl::string_view, absl::string_view) {
        return HttpReply{200, "text/plain", body};
      });
  FAIRWAY_ASSERT_OK(endpoint);
  const std::string reply = Ask((*endpoint)->port(), "GET", "/");
  ASSERT_GT(reply.size(), body.size());
  EXPECT_TRUE(absl::EndsWith(reply, body));
}

TEST_F(AdminServerTest, WhereTooManyWaitTheOldestGoes) {
  std::vector<net::Descriptor> silent = Loiterers(server_->port(), 48, "");
  EXPECT_THAT(Ask(server_->port(), "GET", "/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_FALSE(IsSilent(silent[0])) << "it is closed";
  EXPECT_TRUE(IsSilent(silent[1]));
  Say(silent.back(), "GET /readyz HTTP/1.1\r\n\r\n");
  EXPECT_THAT(ReadAll(silent.back()), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminServerTest, SpeaksHttp1Alone) {
  const net::Descriptor client = Connect(server_->port());
  Say(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_THAT(ReadAll(client), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_F(AdminServerTest, SpeaksIpv6) {
  for (const char* const address : {"[::1]:0", "[::]:0"}) {
    const auto server = AdminServer::Start(address, {registry_}, [] { return absl::OkStatus(); });
    FAIRWAY_ASSERT_OK(server);
    EXPECT_THAT(Ask((*server)->port(), "GET", "/readyz", "[::1]"), StartsWith("HTTP/1.1 200"));
  }
}

TEST_F(AdminServerTest, SaysWhichAddressIsTaken) {
  EXPECT_THAT(AdminServer::Start(absl::StrCat("127.0.0.1:", server_->port()), {registry_},
                                 [] { return absl::OkStatus(); }),
              testing::StatusIs(absl::StatusCode::kUnavailable, HasSubstr("127.0.0.1")));
}

}  // namespace
}  // namespace fairway::observability
