#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "libs/base/clock.h"
#include "libs/http/curl_client.h"
#include "libs/object_store/credentials.h"
#include "libs/object_store/environment.h"
#include "libs/object_store/s3_client.h"
#include "services/cli/transfer/batch_source.h"

namespace fairway::cli {

// OBJECT_STORE: the store refused for good. UNAVAILABLE and OK stay as they are.
absl::Status ObjectError(const absl::Status& status);

// A CSV object in S3: a version of it, or, in a bucket without versions, the content with its ETag.
// Errors are OBJECT_STORE, or UNAVAILABLE if a retry may succeed; FILE_CONTENT.
class ObjectSource final : public BatchSource {
 public:
  // Objects that can never be committed are copied to `quarantine_prefix` in the same bucket.
  // USAGE.
  static absl::StatusOr<std::unique_ptr<ObjectSource>> Create(
      object_store::ObjectAddress address, std::string quarantine_prefix,
      const object_store::Environment& environment);

  std::string name() const override { return ToString(address_); }
  absl::StatusOr<std::string> BatchId() override;
  absl::StatusOr<std::unique_ptr<price_files::PriceSource>> Open() override;
  bool CanBeReadAgain() const override { return true; }
  bool SetsAside() const override { return true; }
  // Writes the report even if the object cannot be copied.
  absl::Status SetAside(const std::string& error_report) override;

 private:
  ObjectSource(object_store::ObjectAddress address, std::string quarantine_prefix)
      : address_(std::move(address)), quarantine_prefix_(std::move(quarantine_prefix)) {}

  // Sets info_, and pins the version that is the newest one now.
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
