#include "libs/observability/admin_server.h"

#include <civetweb.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace fairway::observability {
namespace {

void Reply(mg_connection* connection, int code, absl::string_view type, absl::string_view body) {
  const std::string head =
      absl::StrCat("HTTP/1.1 ", code, " ", mg_get_response_code_text(connection, code),
                   "\r\nContent-Type: ", type, "\r\nContent-Length: ", body.size(),
                   "\r\nCache-Control: no-store\r\n\r\n");
  mg_write(connection, head.data(), head.size());
  const mg_request_info* request = mg_get_request_info(connection);
  if (!absl::EqualsIgnoreCase(request->request_method, "HEAD")) {
    mg_write(connection, body.data(), body.size());
  }
}

constexpr absl::string_view kText = "text/plain; charset=utf-8";

// civetweb takes "host:port", and ":port" not at all.
std::string ListeningPorts(absl::string_view address) {
  if (absl::StartsWith(address, ":")) return std::string(address.substr(1));
  return std::string(address);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(
    absl::string_view address, MetricSources metrics, std::function<absl::Status()> readiness) {
  std::unique_ptr<AdminServer> server(new AdminServer(std::move(metrics), std::move(readiness)));
  const std::string ports = ListeningPorts(address);
  const std::array<const char*, 9> options = {
      "listening_ports", ports.c_str(),       "num_threads", "4",    "request_timeout_ms",
      "10000",           "enable_keep_alive", "yes",         nullptr};
  const mg_callbacks callbacks = {};
  server->context_ = mg_start(&callbacks, nullptr, const_cast<const char**>(options.data()));
  if (server->context_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, " (admin)"));
  }
  mg_set_request_handler(server->context_, "/", Handle, server.get());
  return server;
}

AdminServer::AdminServer(MetricSources metrics, std::function<absl::Status()> readiness)
    : metrics_(std::move(metrics)), readiness_(std::move(readiness)) {}

AdminServer::~AdminServer() {
  if (context_ != nullptr) mg_stop(context_);
}

int AdminServer::port() const {
  mg_server_port port = {};
  return mg_get_server_ports(context_, 1, &port) == 1 ? port.port : 0;
}

int AdminServer::Handle(mg_connection* connection, void* self) {
  const mg_request_info* request = mg_get_request_info(connection);
  const absl::string_view method = request->request_method;
  if (method != "GET" && method != "HEAD") {
    Reply(connection, 405, kText, "only GET\n");
  } else {
    static_cast<const AdminServer*>(self)->Answer(connection, request->local_uri);
  }
  return 1;
}

void AdminServer::Answer(mg_connection* connection, absl::string_view path) const {
  if (path == "/metrics") {
    std::vector<prometheus::MetricFamily> families;
    for (const auto& source : metrics_) {
      for (prometheus::MetricFamily& family : source->Collect()) {
        families.push_back(std::move(family));
      }
    }
    Reply(connection, 200, "text/plain; version=0.0.4; charset=utf-8",
          prometheus::TextSerializer().Serialize(families));
  } else if (path == "/livez") {
    Reply(connection, 200, kText, "ok\n");
  } else if (path == "/readyz") {
    const absl::Status ready = readiness_();
    Reply(connection, ready.ok() ? 200 : 503, kText,
          ready.ok() ? "ok\n" : absl::StrCat(ready.message(), "\n"));
  } else {
    Reply(connection, 404, kText, "there are /metrics, /livez and /readyz\n");
  }
}

}  // namespace fairway::observability
