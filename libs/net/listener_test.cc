#include "libs/net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/net/address.h"

namespace fairway::net {
namespace {

Descriptor Connect(absl::string_view address) {
  const auto addresses = Resolve(address);
  Descriptor fd(socket((*addresses)->ai_family, SOCK_STREAM, 0));
  if (connect(fd.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen) != 0) return Descriptor();
  return fd;
}

// The lowest number that is free: how many descriptors are open, as far as Listener sees.
int OpenDescriptors() { return Descriptor(open("/dev/null", O_RDONLY)).get(); }

// Keeps what it accepts, and greets it.
class Host {
 public:
  explicit Host(absl::string_view address, int descriptors_max = 1'000)
      : listener_(Listener::Bind(address, descriptors_max).value()) {
    listener_->Start([this](int, int accepted) {
      const std::lock_guard lock(mutex_);
      connections_.emplace_back(accepted);
      highest_ = std::max(highest_, accepted);
      EXPECT_EQ(write(accepted, "x", 1), 1);
    });
  }
  void DropAll() {
    const std::lock_guard lock(mutex_);
    connections_.clear();
  }
  Listener& listener() { return *listener_; }
  std::string address() const { return absl::StrCat("127.0.0.1:", listener_->port()); }
  // The highest number of an accepted descriptor.
  int highest() {
    const std::lock_guard lock(mutex_);
    return highest_;
  }

 private:
  std::mutex mutex_;
  int highest_ = -1;
  std::vector<Descriptor> connections_;
  std::unique_ptr<Listener> listener_;
};

int OptionOf(int fd, int level, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  EXPECT_EQ(getsockopt(fd, level, option, &value, &size), 0);
  return value;
}

absl::Duration ProcessorTime() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

bool IsGreeted(const Descriptor& connection) {
  char byte = 0;
  return read(connection.get(), &byte, 1) == 1;
}

TEST(AddressTest, APortIsANumberOfSixteenBits) {
  for (const absl::string_view port : {"0", "1", "65535"}) {
    EXPECT_TRUE(Resolve(absl::StrCat("127.0.0.1:", port)).ok()) << port;
  }
  for (const absl::string_view port : {"", "-1", "65536", "99999", "x", "http"}) {
    EXPECT_EQ(Resolve(absl::StrCat("127.0.0.1:", port)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << port;
  }
  EXPECT_FALSE(Resolve("127.0.0.1").ok());
}

class ListenerTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ListenerTest, ListensOnEachKindOfAddress) {
  Host host(absl::StrCat(GetParam(), ":0"));
  const bool is_v6 = absl::string_view(GetParam()).find("::1") != absl::string_view::npos;
  const Descriptor connection =
      Connect(absl::StrCat(is_v6 ? "[::1]" : "127.0.0.1", ":", host.listener().port()));
  EXPECT_TRUE(IsGreeted(connection));
}

INSTANTIATE_TEST_SUITE_P(Addresses, ListenerTest,
                         ::testing::Values("127.0.0.1", "0.0.0.0", "[::1]", "[::]", "localhost",
                                           ""));

TEST(Listener, OneForEveryAddressTakesBothFamilies) {
  for (const char* const every : {"", "[::]"}) {
    Host host(absl::StrCat(every, ":0"));
    EXPECT_TRUE(IsGreeted(Connect(host.address()))) << every;
    EXPECT_TRUE(IsGreeted(Connect(absl::StrCat("[::1]:", host.listener().port())))) << every;
  }
}

TEST(Listener, ConnectionsAreSetUpForAServer) {
  std::promise<int> taken;
  const auto listener = Listener::Bind("127.0.0.1:0", 1'000).value();
  listener->Start([&](int, int accepted) { taken.set_value(accepted); });
  const Descriptor client = Connect(absl::StrCat("127.0.0.1:", listener->port()));
  const Descriptor accepted(taken.get_future().get());
  EXPECT_EQ(OptionOf(accepted.get(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(OptionOf(accepted.get(), IPPROTO_TCP, TCP_USER_TIMEOUT), 20'000);
  EXPECT_NE(fcntl(accepted.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(accepted.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Listener, StopsListening) {
  Host host("127.0.0.1:0");
  EXPECT_TRUE(IsGreeted(Connect(host.address())));
  host.listener().Stop();
  EXPECT_LT(Connect(host.address()).get(), 0);
}

TEST(Listener, TakesAnAddressAgainWhoseConnectionsItClosed) {
  std::string address;
  {
    Host host("127.0.0.1:0");
    address = host.address();
    const Descriptor connection = Connect(address);
    EXPECT_TRUE(IsGreeted(connection));
    host.DropAll();
    EXPECT_FALSE(IsGreeted(connection)) << "the server closed first";
  }
  FAIRWAY_EXPECT_OK(Listener::Bind(address, 1'000));
}

TEST(Listener, TakesEachDescriptorBelowItsBoundAndNoOther) {
  const int open_now = OpenDescriptors();
  // A connection takes two descriptors here, so one of the bounds is met exactly.
  int most_below = 1 << 20;
  for (const int bound : {open_now + 16, open_now + 17}) {
    Host host("127.0.0.1:0", bound);
    std::vector<Descriptor> connections;
    while (host.listener().refused() == 0 && connections.size() < 100) {
      connections.push_back(Connect(host.address()));
      IsGreeted(connections.back());
    }
    EXPECT_LT(host.highest(), bound);
    most_below = std::min(most_below, bound - host.highest());
  }
  EXPECT_EQ(most_below, 1);
}

TEST(Listener, TurnsAwayWhatIsBeyondItsDescriptorsAndGoesOn) {
  Host host("127.0.0.1:0", OpenDescriptors() + 16);
  const std::string address = absl::StrCat("127.0.0.1:", host.listener().port());
  std::vector<Descriptor> connections;
  while (host.listener().refused() == 0 && connections.size() < 100) {
    connections.push_back(Connect(address));
    IsGreeted(connections.back());
  }
  EXPECT_LT(connections.size(), 16);
  host.DropAll();
  connections.clear();
  EXPECT_TRUE(IsGreeted(Connect(address)));
}

TEST(Listener, SurvivesThatNoDescriptorIsLeft) {
  Host host("127.0.0.1:0", 1 << 20);
  const std::string address = absl::StrCat("127.0.0.1:", host.listener().port());
  Descriptor connection(socket(AF_INET, SOCK_STREAM, 0));
  const auto addresses = Resolve(address);
  std::vector<Descriptor> hoard;
  do {
    hoard.emplace_back(open("/dev/null", O_RDONLY));
  } while (hoard.back().get() >= 0);
  ASSERT_EQ(errno, EMFILE);
  ASSERT_EQ(connect(connection.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen), 0);
  pollfd greeted = {connection.get(), POLLIN, 0};
  const absl::Duration before = ProcessorTime();
  EXPECT_EQ(poll(&greeted, 1, 200), 0) << "there is nothing to accept it with";
  EXPECT_LT(ProcessorTime() - before, absl::Milliseconds(20)) << "it pauses between its attempts";
  hoard.clear();
  EXPECT_TRUE(IsGreeted(connection));
}

TEST(Listener, SaysWhatIsWrongWithAnAddress) {
  Host host("127.0.0.1:0");
  const std::string taken = absl::StrCat("127.0.0.1:", host.listener().port());
  for (const std::string& address : {taken, std::string("nonsense"), std::string("127.0.0.1:x"),
                                     std::string("127.0.0.1:http")}) {
    EXPECT_THAT(Listener::Bind(address, 1'000),
                testing::StatusIs(absl::StatusCode::kUnavailable, ::testing::HasSubstr(address)));
  }
  EXPECT_THAT(Resolve("nonsense"), testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                                     ::testing::HasSubstr("not host:port")));
}

}  // namespace
}  // namespace fairway::net
