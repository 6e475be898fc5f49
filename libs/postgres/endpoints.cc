#include "libs/postgres/endpoints.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/resolver.h"

namespace fairway::postgres {
namespace {

// A name server that resolves one of the hosts is not waited for longer for the others.
constexpr absl::Duration kOtherNamesMax = absl::Milliseconds(500);

// Empty is libpq's default, a folder too.
bool IsSocketFolder(absl::string_view host) {
  return host.empty() || absl::StartsWith(host, "/") || absl::StartsWith(host, "@");
}

absl::StatusOr<std::vector<Endpoint>> ReadHosts(const ConnectionOptions& options) {
  const std::vector<std::string> hosts = absl::StrSplit(options.host, ',');
  const std::vector<std::string> ports = absl::StrSplit(options.port, ',');
  if (ports.size() != 1 && ports.size() != hosts.size()) {
    return absl::InvalidArgumentError(absl::StrCat(hosts.size(), " hosts of the database and ",
                                                   ports.size(),
                                                   " ports: one port for all, or as "
                                                   "many as hosts"));
  }
  std::vector<Endpoint> endpoints;
  for (size_t i = 0; i < hosts.size(); ++i) {
    endpoints.push_back(
        {.host = hosts[i], .address = "", .port = ports[ports.size() == 1 ? 0 : i]});
  }
  return endpoints;
}

}  // namespace

std::string Endpoint::ToString() const {
  if (address.empty() || address == host) return absl::StrCat(host, ":", port);
  return absl::StrCat(host, " (", address, "):", port);
}

absl::StatusOr<std::vector<Endpoint>> FindEndpoints(const ConnectionOptions& options,
                                                    const Deadline& deadline) {
  ASSIGN_OR_RETURN(const std::vector<Endpoint> hosts, ReadHosts(options));
  std::vector<std::string> names;
  for (const Endpoint& host : hosts) {
    if (!IsSocketFolder(host.host)) names.push_back(host.host);
  }
  const std::vector<Resolved> resolved = ResolveAll(names, kOtherNamesMax, deadline);
  std::vector<Endpoint> endpoints;
  absl::Status failure;
  size_t next_name = 0;
  for (const Endpoint& host : hosts) {
    if (IsSocketFolder(host.host)) {
      endpoints.push_back(host);
      continue;
    }
    const Resolved& found = resolved[next_name++];
    failure.Update(found.status);
    for (const std::string& address : found.addresses) {
      endpoints.push_back({.host = host.host, .address = address, .port = host.port});
    }
  }
  if (endpoints.empty()) return failure;
  std::stable_partition(endpoints.begin(), endpoints.end(), [&](const Endpoint& endpoint) {
    return endpoint.ToString() == options.last_good->Get();
  });
  return endpoints;
}

}  // namespace fairway::postgres
