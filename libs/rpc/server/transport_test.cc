#include <unistd.h>

#include <fstream>
#include <memory>

#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/rpc/server/server.h"
#include "libs/rpc/server/testing/raw_connection.h"

namespace fairway::rpc {
namespace {

size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
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

TEST_F(TransportTest, AFloodOfPingsEndsItsConnection) {
  RawConnection connection(server_->port());
  for (int i = 0; i < 10; ++i) connection.Ping();
  EXPECT_TRUE(connection.Await(http2::kGoAway));
}

TEST_F(TransportTest, MessagesThatNeverBecomeWholeTakeABoundedSize) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's memory says nothing about the server's";
#endif
  const auto server = Server::Start({.transport_bytes_max = size_t{16} << 20}, &service_, "x");
  RawConnection connection((*server)->port());
  const size_t before = ResidentBytes();
  connection.SendUnfinished(/*calls=*/100, /*bytes=*/size_t{1} << 20);
  EXPECT_LT(ResidentBytes() - before, size_t{48} << 20);
  RawConnection other((*server)->port());
  other.Ping();
  EXPECT_TRUE(other.Await(http2::kPing));
}

}  // namespace
}  // namespace fairway::rpc
