#include "services/cli/import_dump.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/domain/batch_id.h"
#include "libs/price_files/dump_price_source.h"
#include "libs/rpc/status.h"
#include "libs/sql_dump/dump_content.h"
#include "services/cli/batch_name.h"
#include "services/cli/check_can_commit.h"
#include "services/cli/exit_code.h"
#include "services/cli/list_all_locations.h"
#include "services/cli/location_moves.h"
#include "services/cli/output.h"
#include "services/cli/retry.h"
#include "services/cli/send_batch.h"

namespace fairway::cli {
namespace {

struct Options {
  std::string file;
  std::string partner = "import";
  std::string batch_id;
  bool is_batch_id_given = false;
  bool dry_run = false;
  bool json = false;
};

v1::ImportLocationsRequest LocationsOf(const sql_dump::DumpContent& content) {
  v1::ImportLocationsRequest request;
  for (const sql_dump::DumpLocation& from : content.regions) {
    v1::Region* region = request.add_regions();
    region->set_slug(from.code);
    region->set_name(from.name);
    region->set_parent(from.parent);
  }
  for (const sql_dump::DumpLocation& from : content.ports) {
    v1::Port* port = request.add_ports();
    port->set_code(from.code);
    port->set_name(from.name);
    port->set_parent(from.parent);
  }
  return request;
}

// The same prices are the same batch, whatever their file is called: the digest is theirs.
std::string BatchIdOfDump(absl::string_view digest) {
  absl::ConsumePrefix(&digest, "xxh3sum-");
  return BatchIdOfContent("dump", digest);
}

void ReportMoves(Session& session, const v1::ImportLocationsRequest& request) {
  const absl::StatusOr<std::vector<v1::Location>> held = ListAllLocations(session, {});
  if (!held.ok()) {
    std::cerr << "which locations move is not known: " << held.status().message() << "\n";
  } else if (const std::string moves = DescribeMoves(*held, request); !moves.empty()) {
    std::cerr << moves << "\n";
  }
}

absl::Status ImportLocations(Session& session, const v1::ImportLocationsRequest& request) {
  v1::ImportLocationsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpcStatus(
      session.ingest().ImportLocations(session.NewContext().get(), request, &response)));
  std::cerr << "regions and ports: " << response.added_count() << " added, "
            << response.changed_count() << " changed, " << response.unchanged_count()
            << " as they were; version " << response.dataset_version() << "\n";
  return absl::OkStatus();
}

v1::BatchHeader HeaderOf(const Options& options, const sql_dump::DumpContent& content) {
  v1::BatchHeader header;
  header.set_partner(options.partner);
  header.set_batch_id(options.batch_id.empty() ? BatchIdOfDump(content.digest) : options.batch_id);
  header.set_label("import-dump");
  header.set_declared_row_count(content.price_count);
  header.set_declared_digest(content.digest);
  return header;
}

// What of the command line no service would accept.
absl::Status CheckOptions(const Options& options) {
  absl::Status wrong = CheckPartner(options.partner);
  if (wrong.ok() && options.is_batch_id_given) wrong = CheckBatchId(options.batch_id);
  return wrong.ok() ? wrong : UsageError(wrong.message());
}

// Waits while another attempt holds the id, which may be one that was killed just before. A dry run
// does not need the service.
absl::Status AwaitCanCommit(Session& session, const v1::BatchHeader& header, bool is_dry_run) {
  const RetryPolicy policy = {.attempts_max = is_dry_run ? 1 : 10,
                              .time_max = absl::Seconds(45),
                              .longest_pause = absl::Seconds(5)};
  const auto look = [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
    RETURN_IF_ERROR(CheckCanCommit(session, header));
    return v1::UploadBatchResponse();
  };
  absl::Status status = Retry(policy, look).status();
  if (!is_dry_run || !MayPass(status)) return status;
  std::cerr << "whether the batch can be committed is not known: " << status.message() << "\n";
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadBatchResponse> Upload(Session& session, const v1::BatchHeader& header,
                                               const price_files::SpooledFile& file,
                                               const sql_dump::SchemaKey& schema) {
  absl::StatusOr<v1::UploadBatchResponse> response =
      Retry({}, [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
        ASSIGN_OR_RETURN(const auto prices, price_files::DumpPriceSource::Open(file, schema));
        return SendBatch(session, header, *prices);
      });
  if (!response.ok()) {
    std::cerr << "the regions and ports are in, the prices are not; the same command goes on from "
                 "there\n";
  }
  return response;
}

// All that can be checked is checked before anything is imported: the dump, the names, what the
// service holds under the batch's id. Locations come first, because prices name them.
absl::Status Run(Session& session, const Options& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<price_files::SpooledFile> file,
                   price_files::OpenDump(options.file));
  ASSIGN_OR_RETURN(const sql_dump::DumpContent content, price_files::ReadDumpContent(*file));
  const v1::ImportLocationsRequest locations = LocationsOf(content);
  const v1::BatchHeader header = HeaderOf(options, content);
  std::cerr << FormatCount(locations.regions_size(), "region") << ", "
            << FormatCount(locations.ports_size(), "port") << " and "
            << FormatCount(content.price_count, "price") << " in schema " << content.schema.schema
            << "\n";
  if (content.price_count > 0) {
    RETURN_IF_ERROR(AwaitCanCommit(session, header, options.dry_run));
  }
  ReportMoves(session, locations);
  if (options.dry_run) return absl::OkStatus();
  RETURN_IF_ERROR(ImportLocations(session, locations));
  if (content.price_count == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::UploadBatchResponse response,
                   Upload(session, header, *file, content.schema));
  options.json ? PrintJson(response) : PrintReceipt(response);
  return absl::OkStatus();
}

}  // namespace

void AddImportDumpCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "import-dump",
      "Takes over a database of the reference schema: reads a plain pg_dump of its tables regions, "
      "ports and prices, and uploads the prices as one batch. All of it is imported as PostgreSQL "
      "would hold it, or nothing, and the line that stands in the way is named. Safe to "
      "repeat.\nExample: pg_dump rates | fairway import-dump -");
  command
      ->add_option("file", options->file,
                   "FILE.sql, also compressed, or - for standard input, which is kept in TMPDIR "
                   "meanwhile")
      ->required();
  command->add_option("--partner", options->partner, "Whose batch it becomes: 1 to 63 of [a-z0-9-]")
      ->capture_default_str();
  command->add_option("--batch-id", options->batch_id,
                      "Name of the batch: 4 to 63 of [a-z0-9-]; by default made from the prices");
  command->add_flag("--dry-run", options->dry_run,
                    "Read and check all of it, and import nothing; needs no service");
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  session.OnCommand(command, [&session, options, command] {
    options->is_batch_id_given = command->count("--batch-id") > 0;
    return Run(session, *options);
  });
}

}  // namespace fairway::cli
