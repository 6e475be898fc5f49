#pragma once

#include <memory>
#include <optional>
#include <string>

#include "libs/base/clock.h"
#include "libs/http/curl_client.h"
#include "libs/object_store/credentials.h"
#include "libs/object_store/environment.h"
#include "libs/object_store/s3_client.h"
#include "services/cli/load_source.h"

namespace fairway::cli {

// An object of S3: one version of it, or, in a bucket without versions, what has its ETag. Errors:
// OBJECT_STORE, or UNAVAILABLE when it may pass.
class ObjectToLoad final : public LoadSource {
 public:
  // Copies of objects that can never be loaded go to `quarantine_prefix` in the same bucket.
  static absl::StatusOr<std::unique_ptr<ObjectToLoad>> Create(
      object_store::ObjectAddress address, std::string quarantine_prefix,
      const object_store::Environment& environment);

  std::string name() const override { return ToString(address_); }
  absl::StatusOr<std::string> BatchId() override;
  absl::StatusOr<std::unique_ptr<price_files::ByteSource>> Open() override;
  bool CanBeReadAgain() const override { return true; }
  // The report is written even when the copy cannot be.
  absl::Status SetAside(const std::string& error_report) override;

 private:
  ObjectToLoad(object_store::ObjectAddress address, std::string quarantine_prefix)
      : address_(std::move(address)), quarantine_prefix_(std::move(quarantine_prefix)) {}

  // Fills info_, and pins the version that is the newest one now.
  absl::Status Find();
  absl::Status CopyTo(const object_store::ObjectAddress& to);

  object_store::ObjectAddress address_;
  const std::string quarantine_prefix_;
  std::optional<object_store::ObjectInfo> info_;
  SystemClock clock_;
  std::unique_ptr<http::CurlClient> http_;
  std::unique_ptr<object_store::CredentialsProvider> credentials_;
  std::unique_ptr<object_store::S3Client> client_;
};

}  // namespace fairway::cli
