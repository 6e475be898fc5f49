#include "services/cli/transfer/object_source.h"

#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/object_store/endpoint.h"
#include "libs/object_store/range_reader.h"
#include "libs/price_files/csv_price_source.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/transfer/batch_name.h"

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

// Whether the version identifies the content: all objects that were written while versioning was
// suspended have the version "null".
bool IdentifiesContent(const std::string& version) { return !version.empty() && version != "null"; }

}  // namespace

absl::Status ObjectError(const absl::Status& status) {
  if (status.ok() || absl::IsUnavailable(status)) return status;
  return MakeError(absl::StatusCode::kFailedPrecondition, status.message(),
                   {.reason = kObjectReason});
}

absl::StatusOr<std::unique_ptr<ObjectSource>> ObjectSource::Create(
    ObjectAddress address, std::string quarantine_prefix,
    const object_store::Environment& environment) {
  if (!quarantine_prefix.empty() && absl::StartsWith(address.key, quarantine_prefix)) {
    return UsageError(absl::StrCat(ToString(address), " is in quarantine: correct it, and put it ",
                                   "back where it came from"));
  }
  auto object = std::unique_ptr<ObjectSource>(
      new ObjectSource(std::move(address), std::move(quarantine_prefix)));
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

absl::Status ObjectSource::Find() {
  if (info_) return absl::OkStatus();
  absl::StatusOr<object_store::ObjectInfo> info = client_->Stat(address_);
  if (!info.ok()) return ObjectError(info.status());
  info_ = *std::move(info);
  if (IdentifiesContent(info_->version)) address_.version = info_->version;
  return absl::OkStatus();
}

absl::StatusOr<std::string> ObjectSource::BatchId() {
  if (!IdentifiesContent(address_.version)) RETURN_IF_ERROR(Find());
  const std::string version = IdentifiesContent(address_.version)
                                  ? address_.version
                                  : absl::StrReplaceAll(info_->etag, {{"\"", ""}});
  return BatchIdOfObject(address_.bucket, address_.key, version);
}

absl::StatusOr<std::unique_ptr<price_files::PriceSource>> ObjectSource::Open() {
  RETURN_IF_ERROR(Find());
  return price_files::CsvPriceSource::Read(
      std::make_unique<ObjectByteSource>(client_.get(), address_, *info_));
}

absl::Status ObjectSource::SetAside(const std::string& error_report) {
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

absl::Status ObjectSource::CopyTo(const ObjectAddress& to) {
  RETURN_IF_ERROR(Find());
  if (info_->size > S3Client::kCopyBytesMax) {
    return absl::FailedPreconditionError(
        absl::StrCat(ToString(address_), " is larger than 5 GiB, which S3 does not copy; ",
                     "it was not moved to quarantine"));
  }
  if (address_.version.empty()) {
    // Without versions the object may have been replaced.
    ASSIGN_OR_RETURN(const object_store::ObjectInfo now, client_->Stat(address_));
    if (now.etag != info_->etag) {
      return absl::FailedPreconditionError(absl::StrCat(
          ToString(address_), " was replaced meanwhile; the new object is not copied"));
    }
  }
  return client_->Copy(address_, to);
}

}  // namespace fairway::cli
