#include "libs/net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>

#include "absl/strings/str_cat.h"
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
      EXPECT_EQ(write(accepted, "x", 1), 1);
    });
  }
  void DropAll() {
    const std::lock_guard lock(mutex_);
    connections_.clear();
  }
  Listener& listener() { return *listener_; }

 private:
  std::mutex mutex_;
  std::vector<Descriptor> connections_;
  std::unique_ptr<Listener> listener_;
};

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
  EXPECT_EQ(poll(&greeted, 1, 100), 0) << "there is nothing to accept it with";
  hoard.clear();
  EXPECT_TRUE(IsGreeted(connection));
}

TEST(Listener, SaysWhatIsWrongWithAnAddress) {
  Host host("127.0.0.1:0");
  const std::string taken = absl::StrCat("127.0.0.1:", host.listener().port());
  for (const std::string& address : {taken, std::string("nonsense"), std::string("127.0.0.1:x")}) {
    EXPECT_THAT(Listener::Bind(address, 1'000),
                testing::StatusIs(absl::StatusCode::kUnavailable, ::testing::HasSubstr(address)));
  }
}

}  // namespace
}  // namespace fairway::net
