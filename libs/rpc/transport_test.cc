#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/net/address.h"
#include "libs/net/descriptor.h"
#include "libs/rpc/server.h"

namespace fairway::rpc {
namespace {

constexpr char kPing = 6;
constexpr char kGoAway = 7;

std::string Frame(char type, absl::string_view payload) {
  std::string frame(9, '\0');
  frame[2] = static_cast<char>(payload.size());
  frame[3] = type;
  return absl::StrCat(frame, payload);
}

// HTTP/2 by hand: what no well-behaved client would send.
class RawConnection {
 public:
  explicit RawConnection(int port) {
    const auto addresses = net::Resolve(absl::StrCat("127.0.0.1:", port));
    fd_ = net::Descriptor(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(fd_.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen), 0);
    Send(absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Frame(/*SETTINGS=*/4, "")));
  }

  void Ping() { Send(Frame(kPing, "12345678")); }
  // Reads until a frame of `type` comes; false when the connection ends before.
  bool Await(char type) {
    while (true) {
      std::array<char, 9> head;
      if (!Read(head.data(), head.size())) return false;
      const auto byte = [&](size_t i) {
        return static_cast<size_t>(static_cast<uint8_t>(head[i]));
      };
      std::string payload(byte(0) << 16 | byte(1) << 8 | byte(2), '\0');
      if (!Read(payload.data(), payload.size())) return false;
      if (head[3] == type) return true;
    }
  }

 private:
  void Send(absl::string_view bytes) { send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  bool Read(char* bytes, size_t size) {
    return recv(fd_.get(), bytes, size, MSG_WAITALL) == static_cast<ssize_t>(size);
  }

  net::Descriptor fd_;
};

class TransportTest : public ::testing::Test {
 protected:
  static constexpr absl::Duration kPingInterval = absl::Milliseconds(20);

  v1::PriceIngestService::CallbackService service_;
  std::unique_ptr<Server> server_ =
      Server::Start({.ping_interval_min = kPingInterval}, &service_, "x").value();
};

TEST_F(TransportTest, ClientsMayPingEveryTenSeconds) {
  EXPECT_LT(ServerOptions().ping_interval_min, absl::Seconds(10));
  RawConnection connection(server_->port());
  for (int i = 0; i < 10; ++i) {
    const absl::Time next = absl::Now() + kPingInterval * 5 / 4;
    connection.Ping();
    ASSERT_TRUE(connection.Await(kPing)) << "ping " << i;
    absl::SleepFor(next - absl::Now());
  }
}

TEST_F(TransportTest, AFloodOfPingsEndsItsConnection) {
  RawConnection connection(server_->port());
  for (int i = 0; i < 10; ++i) connection.Ping();
  EXPECT_TRUE(connection.Await(kGoAway));
}

}  // namespace
}  // namespace fairway::rpc
