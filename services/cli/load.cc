#include "services/cli/load.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"

#include "libs/base/status_macros.h"
#include "libs/object_store/object_address.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/transfer/batch_name.h"
#include "services/cli/transfer/file_source.h"
#include "services/cli/transfer/object_source.h"
#include "services/cli/transfer_options.h"

namespace fairway::cli::load {
namespace {

constexpr const char* kDescription =
    "Loads a CSV file as one batch: from S3, from a file, or from standard input (-). Made for "
    "event-driven jobs: the batch id is derived from bucket, key and version of the object, so "
    "that "
    "a repeated event changes nothing, and a load that was killed can be started again.";

constexpr const char* kFooter =
    R"(Examples:
  fairway load 's3://prices/incoming/acme/2026-q1.csv.zst?versionId=3sL4kqtJ'
  fairway load --bucket prices --key incoming/acme/2026-q1.csv.zst --version 3sL4kqtJ
  fairway load prices.csv.gz --partner acme
  zcat prices.csv.gz | fairway load - --partner acme --batch-id acme-2026-q1

The format is that of `fairway upload`: CSV, also .gz or .zst, whose first line names the columns
origin,destination,day,price. The partner is the folder below --prefix, unless --partner is given.
Without a version, the newest version of the object is loaded; in a bucket without versions, the
ETag takes the place of the version.

An object that can never be loaded (invalid rows, damaged, not a price file) is copied to
quarantine/KEY, with a report of its errors in quarantine/KEY.errors.csv; objects of more than 5 GiB
are not copied, and only the report is written. The object itself stays.

Exit status: 0 the prices are committed, by this or an earlier load; 4 the service or S3 is away, or
another load of the same object is running: start it again; 3 invalid rows; 5 the object or file
cannot be read, or is not a price file; 2 invalid arguments; 1 refused. All but 4 are final.

Environment: AWS_REGION; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the role
of the ECS or Batch task; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for other stores than AWS;
AWS_CA_BUNDLE, https_proxy and no_proxy as usual.)";

struct Options {
  std::string source;
  object_store::ObjectAddress object;
  std::string prefix = "incoming/";
  std::string quarantine_prefix = "quarantine/";
  TransferOptions transfer;
  int retry_seconds = 600;
};

// The object, given as "s3://…" or by its parts.
absl::StatusOr<object_store::ObjectAddress> ObjectOf(const Options& options) {
  if (!options.source.empty()) return object_store::ParseObjectUrl(options.source);
  RETURN_IF_ERROR(object_store::CheckObjectAddress(options.object));
  return options.object;
}

absl::StatusOr<std::unique_ptr<BatchSource>> OpenObject(Options& options) {
  const absl::StatusOr<object_store::ObjectAddress> object = ObjectOf(options);
  if (!object.ok()) return UsageError(object.status().message());
  if (options.transfer.request.partner.empty()) {
    ASSIGN_OR_RETURN(options.transfer.request.partner, PartnerOfKey(object->key, options.prefix));
  }
  return ObjectSource::Create(*object, options.quarantine_prefix,
                              object_store::ProcessEnvironment());
}

absl::StatusOr<std::unique_ptr<BatchSource>> OpenSource(Options& options) {
  if (options.source.empty() && options.object.bucket.empty()) {
    return UsageError("no source: give s3://BUCKET/KEY, FILE or -, or --bucket and --key");
  }
  if (!options.source.empty() && !options.object.bucket.empty()) {
    return UsageError("two sources: give either the source or --bucket and --key");
  }
  if (options.source.empty() && options.object.key.empty()) {
    return UsageError("--bucket needs --key");
  }
  if (options.object.bucket.empty() &&
      !(options.object.key.empty() && options.object.version.empty())) {
    return UsageError("--key and --version need --bucket; a URL takes ?versionId=");
  }
  if (options.source.empty() || absl::StartsWith(options.source, "s3://")) {
    return OpenObject(options);
  }
  if (options.transfer.request.partner.empty()) return UsageError("no partner: give --partner");
  return std::make_unique<FileSource>(options.source);
}

absl::Status Run(Session& session, Options options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<BatchSource> source, OpenSource(options));
  options.transfer.request.retry = {.attempts_max = 1'000'000,
                                    .time_max = absl::Seconds(options.retry_seconds)};
  return TransferAndPrint(session, *source, options.source, options.transfer);
}

void AddSourceOptions(CLI::App* command, Options& options) {
  command->add_option(
      "source", options.source,
      "s3://BUCKET/KEY, s3://BUCKET/KEY?versionId=V, FILE, or - for standard input");
  command->add_option("--bucket", options.object.bucket,
                      "Bucket of the object, in place of the source");
  command->add_option("--key", options.object.key, "Key of the object, not URL-encoded");
  command->add_option("--version", options.object.version,
                      "Version of the object; default: the newest");
  command
      ->add_option("--prefix", options.prefix,
                   "Prefix of the key; the partner is the folder below it")
      ->envname("FAIRWAY_LOAD_PREFIX")
      ->capture_default_str();
  command
      ->add_option("--quarantine-prefix", options.quarantine_prefix,
                   "Prefix for copies of objects that can never be loaded, in the same bucket")
      ->envname("FAIRWAY_LOAD_QUARANTINE_PREFIX")
      ->capture_default_str();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("load", kDescription);
  command->footer(kFooter);
  AddSourceOptions(command, *options);
  command
      ->add_option("--partner", options->transfer.request.partner,
                   "Partner of the prices: 1 to 63 of [a-z0-9-]; default: from the key of the "
                   "object")
      ->envname("FAIRWAY_LOAD_PARTNER");
  AddTransferOptions(*command, options->transfer);
  command
      ->add_option("--retry-for", options->retry_seconds,
                   "Seconds to retry while the service or S3 is away")
      ->envname("FAIRWAY_LOAD_RETRY_FOR")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli::load
