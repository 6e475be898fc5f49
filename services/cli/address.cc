#include "services/cli/address.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace fairway::cli {
namespace {

// gRPC's own ways to name a target.
constexpr std::array<absl::string_view, 6> kResolvers = {"dns",  "ipv4",          "ipv6",
                                                         "unix", "unix-abstract", "vsock"};

}  // namespace

std::string CheckAddress(const std::string& address) {
  const size_t colon = address.find("://");
  if (colon == std::string::npos) {
    const bool is_path = address.find('/') != std::string::npos && address.rfind("unix:", 0) != 0;
    if (!address.empty() && !is_path) return "";
    return absl::StrCat("\"", address, "\" is no address: expected host:port");
  }
  const std::string scheme = address.substr(0, colon);
  if (std::find(kResolvers.begin(), kResolvers.end(), scheme) != kResolvers.end()) return "";
  std::string rest = address.substr(colon + 3);
  rest = rest.substr(0, rest.find('/'));
  return absl::StrCat("expected host:port without ", scheme, "://, that is ", rest,
                      scheme == "https" ? "; TLS is not there yet" : "");
}

}  // namespace fairway::cli
