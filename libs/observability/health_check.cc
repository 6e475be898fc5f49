#include "libs/observability/health_check.h"

#include <civetweb.h>

#include <array>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fairway::observability {
namespace {

struct Closer {
  void operator()(mg_connection* connection) const { mg_close_connection(connection); }
};

// Where a service that listens on all addresses can be reached from here.
std::string HostOf(absl::string_view listening) {
  if (listening.empty() || listening == "0.0.0.0" || listening == "[::]") return "127.0.0.1";
  return std::string(listening);
}

std::string BodyOf(mg_connection* connection) {
  std::array<char, 1024> text = {};
  const int size = mg_read(connection, text.data(), text.size());
  return std::string(absl::StripAsciiWhitespace(
      absl::string_view(text.data(), size > 0 ? static_cast<size_t>(size) : 0)));
}

}  // namespace

absl::Status CheckHealth(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) {
    return absl::InvalidArgumentError(absl::StrCat("not host:port: ", address));
  }
  const std::string host = HostOf(address.substr(0, colon));
  std::array<char, 256> error = {};
  const std::unique_ptr<mg_connection, Closer> connection(
      mg_download(host.c_str(), port, /*use_ssl=*/0, error.data(), error.size(),
                  "GET /readyz HTTP/1.0\r\nHost: %s\r\n\r\n", host.c_str()));
  if (connection == nullptr) {
    return absl::UnavailableError(absl::StrCat("no answer from ", address, ": ", error.data()));
  }
  const int code = mg_get_response_info(connection.get())->status_code;
  if (code == 200) return absl::OkStatus();
  return absl::UnavailableError(BodyOf(connection.get()));
}

}  // namespace fairway::observability
