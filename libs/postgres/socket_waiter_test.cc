#include "libs/postgres/socket_waiter.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <stop_token>
#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

// What is written to one end is read at the other.
class TestPipe {
 public:
  TestPipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~TestPipe() {
    for (const int end : ends_) close(end);
  }
  TestPipe(const TestPipe&) = delete;
  TestPipe& operator=(const TestPipe&) = delete;

  int out() const { return ends_[0]; }
  void Write() { EXPECT_EQ(write(ends_[1], "x", 1), 1); }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

ptrdiff_t OpenDescriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST(SocketWaiterTest, SaysWhichSocketIsReady) {
  TestPipe silent;
  TestPipe ready;
  ready.Write();
  std::array<pollfd, 2> sockets = {{{.fd = silent.out(), .events = POLLIN, .revents = 0},
                                    {.fd = ready.out(), .events = POLLIN, .revents = 0}}};
  EXPECT_THAT(SocketWaiter(Soon()).WaitForAny(absl::MakeSpan(sockets), absl::InfiniteFuture()),
              IsOkAndHolds(true));
  EXPECT_EQ(sockets[0].revents, 0);
  EXPECT_NE(sockets[1].revents & POLLIN, 0);
}

TEST(SocketWaiterTest, EndsByItsTimeOrByTheDeadline) {
  const TestPipe silent;
  EXPECT_THAT(SocketWaiter(Soon()).Wait(silent.out(), POLLIN, absl::Now() + absl::Milliseconds(2)),
              IsOkAndHolds(false));
  const absl::Time deadline = absl::Now() + absl::Milliseconds(2);
  EXPECT_THAT(SocketWaiter(deadline).Wait(silent.out(), POLLIN, Soon()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_GE(absl::Now(), deadline);
}

TEST(SocketWaiterTest, WhereThereIsNoSocketNobodyWaits) {
  EXPECT_THAT(SocketWaiter(Soon()).Wait(-1, POLLIN), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(SocketWaiterTest, ASignalDoesNotEndAWait) {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  struct sigaction before = {};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  TestPipe news;
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    EXPECT_THAT(SocketWaiter(Soon()).Wait(news.out(), POLLIN), IsOkAndHolds(true));
    done = true;
  });
  for (int i = 0; i < 50 && !done; ++i) {
    pthread_kill(waiter.native_handle(), SIGUSR1);
    absl::SleepFor(absl::Milliseconds(1));  // The wait itself is what is interrupted.
  }
  EXPECT_FALSE(done);
  news.Write();
  waiter.join();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(SocketWaiterTest, ACancellationEndsAWaitAndLeavesNoDescriptor) {
  const TestPipe silent;
  const ptrdiff_t open = OpenDescriptors();
  for (int i = 0; i < 5; ++i) {
    std::stop_source stop;
    const SocketWaiter waiter(Deadline(Soon(), stop.get_token()));
    std::thread stopper([&] { stop.request_stop(); });
    EXPECT_THAT(waiter.Wait(silent.out(), POLLIN), StatusIs(absl::StatusCode::kCancelled));
    stopper.join();
  }
  EXPECT_EQ(OpenDescriptors(), open);
}

}  // namespace
}  // namespace fairway::postgres
