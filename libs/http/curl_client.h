#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"

#include "libs/http/client.h"

namespace fairway::http {

struct CurlOptions {
  absl::Duration connect_timeout = absl::Seconds(5);
  // A transfer that moves nothing for so long has failed.
  absl::Duration stall_timeout = absl::Seconds(20);
  std::string ca_file;  // Instead of the system's certificates.
};

// HTTP/1.1 over libcurl, which also signs. Keeps connections open between requests. Proxies are
// taken from the environment (https_proxy, no_proxy). For one request at a time.
class CurlClient final : public Client {
 public:
  explicit CurlClient(CurlOptions options);
  ~CurlClient() override;

  absl::StatusOr<Response> Send(const Request& request, const std::stop_token& stop) override;

 private:
  struct Handle;

  const CurlOptions options_;
  const std::unique_ptr<Handle> handle_;
};

}  // namespace fairway::http
