#include "services/cli/import_dump.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/domain/batch_id.h"
#include "services/cli/location_moves.h"
#include "services/cli/locations_client.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/shell/output.h"
#include "services/cli/transfer/committed_batch.h"
#include "services/cli/transfer/dump_source.h"
#include "services/cli/transfer_options.h"

namespace fairway::cli::import_dump {
namespace {

struct Options {
  std::string file;
  TransferRequest request = {.partner = "import", .label = "import-dump"};
  bool is_batch_id_given = false;
  bool dry_run = false;
  bool json = false;
};

void PrintMoves(Session& session, const v1::ImportLocationsRequest& request) {
  const absl::StatusOr<std::vector<v1::Location>> held = ListAllLocations(session, {});
  if (!held.ok()) {
    std::cerr << "cannot determine which locations move: " << held.status().message() << "\n";
  } else if (const std::string moves = DescribeMoves(*held, request); !moves.empty()) {
    std::cerr << moves << "\n";
  }
}

absl::Status ImportLocations(Session& session, const v1::ImportLocationsRequest& request) {
  ASSIGN_OR_RETURN(const v1::ImportLocationsResponse response,
                   session.Call(&IngestStub::ImportLocations, request));
  std::cerr << "regions and ports: " << response.added_count() << " added, "
            << response.changed_count() << " changed, " << response.unchanged_count()
            << " unchanged; version " << response.dataset_version() << "\n";
  return absl::OkStatus();
}

// What no service would accept.
absl::Status CheckOptions(const Options& options) {
  absl::Status status = CheckPartner(options.request.partner);
  if (status.ok() && options.is_batch_id_given) status = CheckBatchId(options.request.batch_id);
  return status.ok() ? status : UsageError(status.message());
}

// Waits while another attempt holds the id: it may have been killed just before. A dry run does not
// need the service.
absl::Status AwaitCanCommit(Session& session, const v1::BatchHeader& header, bool is_dry_run) {
  const RetryPolicy policy = {.attempts_max = is_dry_run ? 1 : 20,
                              .time_max = absl::Seconds(45),
                              .pause_max = absl::Seconds(5)};
  absl::Status status = Retry(policy, [&] { return CheckCanCommit(session, header); });
  if (!is_dry_run || !IsRetryable(status)) return status;
  std::cerr << "cannot determine whether the batch can be committed: " << status.message() << "\n";
  return absl::OkStatus();
}

// Checks everything before anything is imported: the dump, the options, and what the service holds
// under the batch id. Locations are imported first, because prices refer to them.
absl::Status Run(Session& session, Options options) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<price_files::SpooledFile> file,
                   price_files::OpenDump(options.file));
  ASSIGN_OR_RETURN(const sql_dump::DumpContent content, price_files::ReadDumpContent(*file));
  const v1::ImportLocationsRequest locations = ImportRequestOf(price_files::LocationsOf(content));
  std::cerr << FormatCount(locations.regions_size(), "region") << ", "
            << FormatCount(locations.ports_size(), "port") << " and "
            << FormatCount(content.price_count, "price") << " in schema " << content.schema.schema
            << "\n";
  const bool has_prices = content.price_count > 0;
  DumpSource source(*file, content);
  if (has_prices) {
    ASSIGN_OR_RETURN(const v1::BatchHeader header, MakeHeader(source, options.request));
    RETURN_IF_ERROR(AwaitCanCommit(session, header, options.dry_run));
    options.request.batch_id = header.batch_id();
  }
  PrintMoves(session, locations);
  if (options.dry_run) return absl::OkStatus();
  RETURN_IF_ERROR(ImportLocations(session, locations));
  if (!has_prices) return absl::OkStatus();
  const absl::StatusOr<v1::UploadBatchResponse> response =
      TransferBatch(session, source, options.request);
  if (!response.ok()) {
    std::cerr << "the regions and ports are imported, the prices are not; run the same command "
                 "again to continue\n";
    return response.status();
  }
  PrintReceipt(*response, options.json);
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "import-dump",
      "Imports a database of the reference schema: reads a plain pg_dump of its tables regions, "
      "ports and prices, and uploads the prices as one batch. All of it is imported as PostgreSQL "
      "would hold it, or nothing, and the line in the way is named. Safe to repeat.\n"
      "Example: pg_dump rates | fairway import-dump -");
  command
      ->add_option("file", options->file,
                   "FILE.sql, also compressed, or - for standard input, which is copied to TMPDIR")
      ->required();
  command
      ->add_option("--partner", options->request.partner,
                   "Partner of the batch: 1 to 63 of [a-z0-9-]")
      ->capture_default_str();
  command->add_option("--batch-id", options->request.batch_id,
                      "Id of the batch: 4 to 63 of [a-z0-9-]; default: derived from the prices");
  command->add_flag("--dry-run", options->dry_run,
                    "Read and check everything, and import nothing; needs no service");
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  session.OnCommand(command, [&session, options, command] {
    options->is_batch_id_given = command->count("--batch-id") > 0;
    return Run(session, *options);
  });
}

}  // namespace fairway::cli::import_dump
