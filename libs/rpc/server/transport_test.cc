#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <list>
#include <memory>

#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/net/descriptor.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/server/testing/raw_connection.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Its header, sanitizer/allocator_interface.h, is not among those of g++ 12.
extern "C" size_t __sanitizer_get_current_allocated_bytes();  // NOLINT
#endif

namespace fairway::rpc {
namespace {

// A sanitizer's own memory says nothing about the server's.
size_t BytesInUse() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  std::ifstream file("/proc/self/statm");
  size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
#endif
}

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
    ASSERT_TRUE(connection.Await(http2::kPing)) << "ping " << i;
    absl::SleepFor(next - absl::Now());
  }
}

TEST_F(TransportTest, AConnectionHasABoundedNumberOfStreams) {
  constexpr uint32_t kMaxConcurrentStreams = 3;
  EXPECT_EQ(RawConnection(server_->port()).Setting(kMaxConcurrentStreams), 256);
  const auto server = Server::Start({.concurrent_streams_max = 7}, &service_, "x");
  EXPECT_EQ(RawConnection((*server)->port()).Setting(kMaxConcurrentStreams), 7);
}

TEST_F(TransportTest, ACallMaySendAWindowBeforeItIsReadAndNoMore) {
  constexpr uint32_t kInitialWindowSize = 4;
  EXPECT_EQ(RawConnection(server_->port()).Setting(kInitialWindowSize), 64 << 10);
  const auto server = Server::Start({.stream_window_bytes = 1 << 20}, &service_, "x");
  EXPECT_EQ(RawConnection((*server)->port()).Setting(kInitialWindowSize), 1 << 20);
}

TEST_F(TransportTest, TheWindowDoesNotFollowTheBandwidth) {
  RawConnection connection(server_->port());
  for (int i = 0; i < 3; ++i) {
    connection.BeginUnfinished("/fairway.v1.PriceIngestService/GetBatch");
    connection.Ping();
    ASSERT_TRUE(connection.Await(http2::kPing));
  }
  EXPECT_EQ(connection.pings(), 0) << "it measures how long a round trip takes";
}

TEST_F(TransportTest, AConnectionGetsAGoAwayAtItsAge) {
  const auto server = Server::Start({.connection_age = absl::Milliseconds(100)}, &service_, "x");
  EXPECT_TRUE(RawConnection((*server)->port()).Await(http2::kGoAway));
}

TEST_F(TransportTest, ConnectionsLeaveDescriptorsToTheRest) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int open_now = net::Descriptor(open("/dev/null", O_RDONLY)).get();
  const int all = open_now + 160;
  const rlimit few = {.rlim_cur = static_cast<rlim_t>(all), .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  {
    const auto server = Server::Start({}, &service_, "x").value();
    std::list<RawConnection> connections;
    int highest = 0;
    do {
      highest = net::Descriptor(open("/dev/null", O_RDONLY)).get();
      connections.emplace_back(server->port());
    } while (connections.back().Await(http2::kSettings) && connections.size() < 80);
    EXPECT_EQ(server->connections_refused(), 1);
    EXPECT_LE(highest, all - all / 4 + 8);
  }
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST_F(TransportTest, AFloodOfPingsEndsItsConnection) {
  RawConnection connection(server_->port());
  for (int i = 0; i < 10; ++i) connection.Ping();
  EXPECT_TRUE(connection.Await(http2::kGoAway));
}

TEST_F(TransportTest, MessagesThatNeverBecomeWholeTakeABoundedSize) {
  const auto server = Server::Start({.transport_bytes_max = size_t{16} << 20}, &service_, "x");
  RawConnection connection((*server)->port());
  const size_t before = BytesInUse();
  connection.SendUnfinished(/*calls=*/100, /*bytes=*/size_t{1} << 20);
  EXPECT_LT(BytesInUse() - before, size_t{48} << 20);
  RawConnection other((*server)->port());
  other.Ping();
  EXPECT_TRUE(other.Await(http2::kPing));
}

}  // namespace
}  // namespace fairway::rpc
