#include "tests/support/loopback.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

#include "libs/base/check.h"

namespace fairway::testing {

int ListenOnLoopback(std::string& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  FAIRWAY_CHECK(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  FAIRWAY_CHECK(listen(listener, 64) == 0);
  FAIRWAY_CHECK(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = absl::StrCat(ntohs(address.sin_port));
  return listener;
}

std::string FreePort() {
  std::string port;
  close(ListenOnLoopback(port));
  return port;
}

}  // namespace fairway::testing
