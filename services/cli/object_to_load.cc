#include "services/cli/object_to_load.h"

#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "libs/base/status_macros.h"
#include "libs/object_store/endpoint.h"
#include "libs/object_store/range_reader.h"
#include "services/cli/batch_name.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

using object_store::ObjectAddress;
using object_store::S3Client;

class ObjectByteSource final : public price_files::ByteSource {
 public:
  ObjectByteSource(S3Client* client, const ObjectAddress& address,
                   const object_store::ObjectInfo& info)
      : name_(ToString(address)), size_(info.size), reader_(client, address, info) {}

  absl::StatusOr<std::string> Next() override {
    absl::StatusOr<std::string> range = reader_.Next();
    if (!range.ok()) return ObjectError(range.status());
    return range;
  }
  const std::string& name() const override { return name_; }
  std::optional<int64_t> size() const override { return size_; }

 private:
  const std::string name_;
  const int64_t size_;
  object_store::RangeReader reader_;
};

// Objects written while versioning was suspended all have the version "null".
bool NamesContent(const std::string& version) { return !version.empty() && version != "null"; }

}  // namespace

absl::StatusOr<std::unique_ptr<ObjectToLoad>> ObjectToLoad::Create(
    ObjectAddress address, std::string quarantine_prefix,
    const object_store::Environment& environment) {
  if (!quarantine_prefix.empty() && absl::StartsWith(address.key, quarantine_prefix)) {
    return UsageError(absl::StrCat(ToString(address),
                                   " is in quarantine: mend it, and put it back "
                                   "where it came from"));
  }
  auto object = std::unique_ptr<ObjectToLoad>(
      new ObjectToLoad(std::move(address), std::move(quarantine_prefix)));
  const absl::StatusOr<object_store::Endpoint> endpoint = object_store::EndpointFrom(environment);
  if (!endpoint.ok()) return UsageError(endpoint.status().message());
  object->http_ = std::make_unique<http::CurlClient>(
      http::CurlOptions{.ca_file = environment("AWS_CA_BUNDLE")});
  auto credentials =
      object_store::MakeCredentialsProvider(environment, object->http_.get(), &object->clock_);
  if (!credentials.ok()) return UsageError(credentials.status().message());
  object->credentials_ = *std::move(credentials);
  object->client_ =
      std::make_unique<S3Client>(*endpoint, object->http_.get(), object->credentials_.get());
  return object;
}

absl::Status ObjectToLoad::Find() {
  if (info_) return absl::OkStatus();
  absl::StatusOr<object_store::ObjectInfo> info = client_->Stat(address_);
  if (!info.ok()) return ObjectError(info.status());
  info_ = *std::move(info);
  if (NamesContent(info_->version)) address_.version = info_->version;
  return absl::OkStatus();
}

absl::StatusOr<std::string> ObjectToLoad::BatchId() {
  if (!NamesContent(address_.version)) RETURN_IF_ERROR(Find());
  const std::string version = NamesContent(address_.version)
                                  ? address_.version
                                  : absl::StrReplaceAll(info_->etag, {{"\"", ""}});
  return BatchIdOfObject(address_.bucket, address_.key, version);
}

absl::StatusOr<std::unique_ptr<price_files::ByteSource>> ObjectToLoad::Open() {
  RETURN_IF_ERROR(Find());
  return std::make_unique<ObjectByteSource>(client_.get(), address_, *info_);
}

absl::Status ObjectToLoad::SetAside(const std::string& error_report) {
  const ObjectAddress to = {.bucket = address_.bucket,
                            .key = absl::StrCat(quarantine_prefix_, address_.key)};
  const ObjectAddress report = {.bucket = to.bucket, .key = absl::StrCat(to.key, ".errors.csv")};
  absl::Status copied = CopyTo(to);
  if (absl::IsUnavailable(copied)) return copied;
  if (copied.ok()) std::cerr << "copied to " << ToString(to) << "\n";
  const absl::Status written = client_->Put(report, error_report, "text/csv; charset=utf-8");
  if (written.ok()) std::cerr << "errors in " << ToString(report) << "\n";
  RETURN_IF_ERROR(ObjectError(copied));
  return ObjectError(written);
}

absl::Status ObjectToLoad::CopyTo(const ObjectAddress& to) {
  RETURN_IF_ERROR(Find());
  if (info_->size > S3Client::kCopyBytesMax) {
    return absl::FailedPreconditionError(
        absl::StrCat(ToString(address_),
                     " is larger than 5 GiB: S3 does not copy it in one go; "
                     "it stays where it is"));
  }
  if (address_.version.empty()) {
    // Without versions the key may hold something else by now.
    ASSIGN_OR_RETURN(const object_store::ObjectInfo now, client_->Stat(address_));
    if (now.etag != info_->etag) {
      return absl::FailedPreconditionError(
          absl::StrCat(ToString(address_), " was replaced meanwhile; the new one is not copied"));
    }
  }
  return client_->Copy(address_, to);
}

}  // namespace fairway::cli
