#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/http/client.h"
#include "libs/object_store/environment.h"

namespace fairway::object_store {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  absl::Time expiry = absl::InfiniteFuture();
};

// Who signs. For one thread at a time.
//   UNAVAILABLE: they cannot be had just now; UNAUTHENTICATED: there are none.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  virtual absl::StatusOr<Credentials> Get(const std::stop_token& stop) = 0;
  // The next Get() shall not answer from memory: what it gave was refused.
  virtual void Forget() = 0;
};

// Keys from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or else those of the
// task's role, which ECS and Batch hand out where AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or
// AWS_CONTAINER_CREDENTIALS_FULL_URI says. UNAUTHENTICATED when none of them is set; and when the
// address is one to which an authorization token must not be sent in the clear.
absl::StatusOr<std::unique_ptr<CredentialsProvider>> MakeCredentialsProvider(
    const Environment& environment, http::Client* http, const Clock* clock);

}  // namespace fairway::object_store
