#include "libs/rpc/server/pulse.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <optional>

#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"

namespace fairway::rpc {
namespace {

class PulseTest : public ::testing::Test {
 protected:
  PulseTest() {
    grpc::EnableDefaultHealthCheckService(true);
    server_ = grpc::ServerBuilder().BuildAndStart();
    pulse_.emplace(server_.get(), &clock_);
  }

  FakeClock clock_;
  std::unique_ptr<grpc::Server> server_;
  std::optional<Pulse> pulse_;
};

TEST_F(PulseTest, BeatsFiveTimesASecond) {
  clock_.AwaitWaiters();
  EXPECT_EQ(pulse_->beats(), 0);
  clock_.Pass(absl::Seconds(1));
  EXPECT_EQ(pulse_->beats(), 5);
}

}  // namespace
}  // namespace fairway::rpc
