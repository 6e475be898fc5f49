#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace fairway::http {

// With what, and for which region, a request is signed (AWS Signature Version 4).
struct SigningKey {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // "" for keys that do not expire.
  std::string region;
};

struct Request {
  std::string method = "GET";  // GET, HEAD or PUT.
  std::string url;             // Percent-encoded. At most one query parameter where it is signed.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  size_t response_bytes_max = 64 * 1024;
  std::optional<SigningKey> signing_key;
  bool is_local = false;  // Goes past any proxy.
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;

  // "" when there is none.
  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// One HTTP exchange. Any status of HTTP is a response; errors are
//   UNAVAILABLE: no connection, cut, stalled, or answered with more than was allowed for;
//   CANCELLED: by `stop`;
//   FAILED_PRECONDITION: the server's certificate is not to be trusted.
class Client {
 public:
  virtual ~Client() = default;
  virtual absl::StatusOr<Response> Send(const Request& request, const std::stop_token& stop) = 0;
};

}  // namespace fairway::http
