#include "services/cli/load.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/object_store/object_address.h"
#include "services/cli/batch_name.h"
#include "services/cli/error_report.h"
#include "services/cli/exit_code.h"
#include "services/cli/file_to_load.h"
#include "services/cli/load_batch.h"
#include "services/cli/number_check.h"
#include "services/cli/object_to_load.h"
#include "services/cli/output.h"
#include "services/cli/send_batch.h"

namespace fairway::cli {
namespace {

constexpr const char* kDescription =
    "Loads a CSV file as one batch: from S3, from a file, or from standard input (-). Made for "
    "jobs "
    "that are started by events: the batch id is made from bucket, key and version of the object, "
    "so that an event that comes again changes nothing, and a load that was killed is simply "
    "started again.";

constexpr const char* kFooter =
    R"(Examples:
  fairway load 's3://prices/incoming/acme/2026-q1.csv.zst?versionId=3sL4kqtJ'
  fairway load --bucket prices --key incoming/acme/2026-q1.csv.zst --version 3sL4kqtJ
  fairway load prices.csv.gz --partner acme
  zcat prices.csv.gz | fairway load - --partner acme --batch-id acme-2026-q1

The file is that of `fairway upload`: CSV, also .gz or .zst, whose first line names the columns
origin,destination,day,price. The partner is the folder below --prefix unless --partner says it.
Without a version, the object's newest one is loaded; in a bucket without versions, its ETag takes
the version's place.

An object that can never be loaded (bad rows, damaged, no CSV of prices) is copied to
quarantine/KEY, with what is wrong with it in quarantine/KEY.errors.csv; objects of more than 5 GiB
are not copied, and only the report is written. The object itself stays.

Exit status: 0 the prices are in, by this or an earlier load; 4 the service or S3 is away, or
another load of the same object runs: start it again; 3 bad rows; 5 the object or file cannot be
read, or is none of prices; 2 wrong arguments; 1 refused. All but 4 are final.

Environment: AWS_REGION; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the role
of the ECS or Batch task; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for other stores than AWS;
AWS_CA_BUNDLE, https_proxy and no_proxy as elsewhere.)";

struct Options {
  std::string source;
  object_store::ObjectAddress object;
  std::string prefix = "incoming/";
  std::string quarantine_prefix = "quarantine/";
  LoadRequest request;
  int retry_seconds = 600;
  bool json = false;
};

// The object that is meant, if it is one: "s3://…", or by its parts.
absl::StatusOr<object_store::ObjectAddress> ObjectOf(const Options& options) {
  if (!options.source.empty()) return object_store::ParseObjectUrl(options.source);
  RETURN_IF_ERROR(object_store::CheckObjectAddress(options.object));
  return options.object;
}

absl::StatusOr<std::unique_ptr<LoadSource>> OpenObject(Options& options) {
  const absl::StatusOr<object_store::ObjectAddress> object = ObjectOf(options);
  if (!object.ok()) return UsageError(object.status().message());
  if (options.request.partner.empty()) {
    ASSIGN_OR_RETURN(options.request.partner, PartnerOfKey(object->key, options.prefix));
  }
  return ObjectToLoad::Create(*object, options.quarantine_prefix,
                              object_store::ProcessEnvironment());
}

absl::StatusOr<std::unique_ptr<LoadSource>> OpenSource(Options& options) {
  if (options.source.empty() == options.object.bucket.empty()) {
    return UsageError("what to load? either s3://bucket/key, FILE or -, or --bucket and --key");
  }
  if (options.object.bucket.empty() &&
      !(options.object.key.empty() && options.object.version.empty())) {
    return UsageError("--key and --version go with --bucket; a URL takes ?versionId=");
  }
  if (options.source.empty() || absl::StartsWith(options.source, "s3://")) {
    return OpenObject(options);
  }
  if (options.request.partner.empty()) return UsageError("whose prices? give --partner");
  return std::make_unique<FileToLoad>(options.source);
}

absl::Status Run(Session& session, Options options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadSource> source, OpenSource(options));
  RETURN_IF_ERROR(ClearErrorReport(options.request.error_report, options.source));
  options.request.retry = {.attempts_max = 1'000'000,
                           .time_max = absl::Seconds(options.retry_seconds)};
  ASSIGN_OR_RETURN(const v1::UploadBatchResponse response,
                   LoadBatch(session, *source, options.request));
  options.json ? PrintJson(response) : PrintReceipt(response);
  return WriteEmptyErrorReport(options.request.error_report);
}

void AddSourceOptions(CLI::App* command, Options& options) {
  command->add_option(
      "source", options.source,
      "s3://BUCKET/KEY, s3://BUCKET/KEY?versionId=V, FILE, or - for standard input");
  command->add_option("--bucket", options.object.bucket, "Bucket of the object, instead");
  command->add_option("--key", options.object.key, "Key of the object, as it is: not URL-encoded");
  command->add_option("--version", options.object.version,
                      "Version of the object; the newest one when empty");
  command
      ->add_option("--prefix", options.prefix,
                   "The partner is the first folder below this one in the key")
      ->envname("FAIRWAY_LOAD_PREFIX")
      ->capture_default_str();
  command
      ->add_option("--quarantine-prefix", options.quarantine_prefix,
                   "Where objects that can never be loaded are copied to, in the same bucket")
      ->envname("FAIRWAY_LOAD_QUARANTINE_PREFIX")
      ->capture_default_str();
}

}  // namespace

void AddLoadCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("load", kDescription);
  command->footer(kFooter);
  AddSourceOptions(command, *options);
  LoadRequest& request = options->request;
  command->add_option("--partner", request.partner, "Whose prices: 1 to 63 of [a-z0-9-]")
      ->envname("FAIRWAY_LOAD_PARTNER");
  command->add_option(
      "--batch-id", request.batch_id,
      "Name of the batch: 4 to 63 of [a-z0-9-]; by default made from what is loaded");
  command->add_option("--rows", request.rows, kRowsHelp)->check(CheckPositive);
  command->add_option("--label", request.label, "For people, at most 128 bytes");
  command->add_option("--error-report", request.error_report,
                      "Write what is wrong with the content to this file, too, as CSV; only a "
                      "heading when nothing is wrong");
  command
      ->add_option("--retry-for", options->retry_seconds,
                   "Seconds to go on trying while the service or S3 is away")
      ->envname("FAIRWAY_LOAD_RETRY_FOR")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli
