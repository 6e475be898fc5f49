#include "libs/observability/admin_server.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway::observability {
namespace {

HttpReply Text(int code, std::string body) {
  return {code, "text/plain; charset=utf-8", std::move(body)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(
    absl::string_view address, MetricSources metrics, std::function<absl::Status()> readiness) {
  std::unique_ptr<AdminServer> server(new AdminServer(std::move(metrics), std::move(readiness)));
  ASSIGN_OR_RETURN(server->endpoint_,
                   HttpEndpoint::Start(address, [server = server.get()](absl::string_view method,
                                                                        absl::string_view path) {
                     return server->Answer(method, path);
                   }));
  return server;
}

AdminServer::AdminServer(MetricSources metrics, std::function<absl::Status()> readiness)
    : metrics_(std::move(metrics)), readiness_(std::move(readiness)) {}

HttpReply AdminServer::Answer(absl::string_view method, absl::string_view path) const {
  if (method != "GET" && method != "HEAD") return Text(405, "only GET\n");
  if (path == "/metrics") {
    return {200, "text/plain; version=0.0.4; charset=utf-8", MetricsText()};
  }
  if (path == "/livez") return Text(200, "ok\n");
  if (path == "/readyz") {
    const absl::Status ready = readiness_();
    return ready.ok() ? Text(200, "ok\n") : Text(503, absl::StrCat(ready.message(), "\n"));
  }
  return Text(404, "there are /metrics, /livez and /readyz\n");
}

std::string AdminServer::MetricsText() const {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& source : metrics_) {
    for (prometheus::MetricFamily& family : source->Collect()) {
      families.push_back(std::move(family));
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace fairway::observability
