#include "services/cli/shell/arguments.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "libs/domain/error_details.h"

namespace fairway::cli {
namespace {

// Schemes of gRPC whose targets have no port, or have it in another place.
constexpr std::array<absl::string_view, 3> kOtherTargets = {"unix:", "unix-abstract:", "vsock:"};
// Schemes of gRPC whose targets are hosts with ports.
constexpr std::array<absl::string_view, 3> kResolvers = {"dns:", "ipv4:", "ipv6:"};

// gRPC would use port 443 where none is given, and ports above 65535 modulo 65536.
std::string CheckHostAndPort(absl::string_view address) {
  const size_t colon = address.rfind(':');
  const absl::string_view host = address.substr(0, colon);
  const bool is_ipv6 = absl::StartsWith(address, "[");
  const bool is_bare_ipv6 = !is_ipv6 && absl::StrContains(host, ':');
  const bool has_port =
      colon != absl::string_view::npos && !is_bare_ipv6 && (!is_ipv6 || absl::EndsWith(host, "]"));
  if (address.empty() || !has_port || host.empty() || absl::StrContains(host, '/')) {
    return absl::StrCat("\"", address, "\" is not an address: expected host:port");
  }
  const absl::string_view port = address.substr(colon + 1);
  int number = 0;  // SimpleAtoi() also accepts signs and spaces.
  const bool is_digits = !port.empty() && port.find_first_not_of("0123456789") == port.npos;
  if (!is_digits || !absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
    return absl::StrCat("\"", port, "\" is not a port from 1 to 65535: expected host:port");
  }
  return "";
}

// "https://query:50051/x"
std::string SchemeError(absl::string_view scheme, absl::string_view rest) {
  return absl::StrCat("expected host:port without ", scheme, "://, such as ",
                      rest.substr(0, rest.find('/')),
                      scheme == "https" ? "; TLS is not supported yet" : "");
}

}  // namespace

absl::Status UsageError(absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, {.reason = kUsageReason});
}

std::vector<const char*> HelpAsOption(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  if (argc < 2 || absl::string_view(argv[1]) != "help") return arguments;
  arguments.erase(arguments.begin() + 1);
  arguments.push_back("--help");
  return arguments;
}

std::string CheckPositive(const std::string& text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number) && number >= 1) return "";
  return absl::StrCat("\"", text, "\" is not a whole number of at least 1");
}

std::string CheckAddress(const std::string& address) {
  absl::string_view rest = address;
  const auto takes_prefix = [&](absl::string_view prefix) {
    return absl::ConsumePrefix(&rest, prefix);
  };
  if (std::any_of(kOtherTargets.begin(), kOtherTargets.end(), takes_prefix)) return "";
  if (!std::any_of(kResolvers.begin(), kResolvers.end(), takes_prefix)) {
    const size_t colon = rest.find("://");
    if (colon == absl::string_view::npos) return CheckHostAndPort(rest);
    return SchemeError(rest.substr(0, colon), rest.substr(colon + 3));
  }
  if (absl::ConsumePrefix(&rest, "//")) rest.remove_prefix(std::min(rest.find('/'), rest.size()));
  absl::ConsumePrefix(&rest, "/");
  for (const absl::string_view each : absl::StrSplit(rest, ',')) {
    std::string error = CheckHostAndPort(each);
    if (!error.empty()) return error;
  }
  return "";
}

}  // namespace fairway::cli
