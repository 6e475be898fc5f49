#include "libs/object_store/credentials.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"

namespace fairway::object_store {
namespace {

// New ones are there well before the old ones end.
constexpr absl::Duration kRefreshBeforeExpiry = absl::Minutes(5);

class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(Credentials credentials) : credentials_(std::move(credentials)) {}

  absl::StatusOr<Credentials> Get(const std::stop_token&) override { return credentials_; }
  void Forget() override {}

 private:
  const Credentials credentials_;
};

absl::StatusOr<Credentials> ReadCredentials(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto field = [&](const char* name) -> std::string {
    if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return "";
    return json[name].get<std::string>();
  };
  Credentials credentials = {.access_key_id = field("AccessKeyId"),
                             .secret_access_key = field("SecretAccessKey"),
                             .session_token = field("Token")};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return absl::UnavailableError("the credentials endpoint answered without keys");
  }
  if (const std::string expiry = field("Expiration"); !expiry.empty()) {
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, expiry, &credentials.expiry, &error)) {
      return absl::UnavailableError(absl::StrCat("the credentials' expiration: ", error));
    }
  }
  return credentials;
}

class ContainerCredentials final : public CredentialsProvider {
 public:
  ContainerCredentials(std::string url, Environment environment, http::Client* http,
                       const Clock* clock)
      : url_(std::move(url)), environment_(std::move(environment)), http_(http), clock_(clock) {}

  absl::StatusOr<Credentials> Get(const std::stop_token& stop) override {
    if (held_ && clock_->Now() < held_->expiry - kRefreshBeforeExpiry) return *held_;
    absl::StatusOr<Credentials> fresh = Fetch(stop);
    if (fresh.ok()) held_ = *fresh;
    // A refresh that fails does no harm while the old ones last.
    if (!fresh.ok() && held_ && clock_->Now() < held_->expiry) return *held_;
    return fresh;
  }

  void Forget() override { held_.reset(); }

 private:
  absl::StatusOr<Credentials> Fetch(const std::stop_token& stop) {
    http::Request request = {.url = url_, .is_local = true};
    ASSIGN_OR_RETURN(const std::string token, AuthorizationToken());
    if (!token.empty()) request.headers.emplace_back("Authorization", token);
    ASSIGN_OR_RETURN(const http::Response response, http_->Send(request, stop));
    if (response.status == 200) return ReadCredentials(response.body);
    const std::string message =
        absl::StrCat("the credentials endpoint answered with HTTP status ", response.status);
    if (response.status >= 500 || response.status == 429) return absl::UnavailableError(message);
    return absl::UnauthenticatedError(message);
  }

  // Read each time, because who wrote the file renews it.
  absl::StatusOr<std::string> AuthorizationToken() const {
    const std::string path = environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (path.empty()) return environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    std::ifstream file(path);
    if (!file) return absl::UnauthenticatedError(absl::StrCat("cannot read ", path));
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    return std::string(absl::StripTrailingAsciiWhitespace(text));
  }

  const std::string url_;
  const Environment environment_;
  http::Client* const http_;
  const Clock* const clock_;
  std::optional<Credentials> held_;
};

// Hosts to which the token may go without TLS: this machine, and the agents of ECS and EKS.
bool MayBeAsked(absl::string_view url) {
  if (absl::StartsWith(url, "https://")) return true;
  if (!absl::ConsumePrefix(&url, "http://")) return false;
  const absl::string_view authority = url.substr(0, url.find('/'));
  for (const absl::string_view host :
       {"127.0.0.1", "localhost", "169.254.170.2", "169.254.170.23", "[::1]", "[fd00:ec2::23]"}) {
    if (authority == host || absl::StartsWith(authority, absl::StrCat(host, ":"))) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CredentialsProvider>> MakeCredentialsProvider(
    const Environment& environment, http::Client* http, const Clock* clock) {
  const std::string id = environment("AWS_ACCESS_KEY_ID");
  const std::string secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!id.empty() && !secret.empty()) {
    return std::make_unique<StaticCredentials>(
        Credentials{.access_key_id = id,
                    .secret_access_key = secret,
                    .session_token = environment("AWS_SESSION_TOKEN")});
  }
  std::string url = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  const std::string relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) url = absl::StrCat("http://169.254.170.2", relative);
  if (url.empty()) {
    return absl::UnauthenticatedError(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run as a task "
        "that has a role");
  }
  if (!MayBeAsked(url)) {
    return absl::UnauthenticatedError(
        absl::StrCat("AWS_CONTAINER_CREDENTIALS_FULL_URI ", url,
                     " is neither https nor on this machine; no token is sent there"));
  }
  return std::make_unique<ContainerCredentials>(url, environment, http, clock);
}

}  // namespace fairway::object_store
