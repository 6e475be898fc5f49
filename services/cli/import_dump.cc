#include "services/cli/import_dump.h"

#include <iostream>
#include <memory>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/rpc/status.h"
#include "services/cli/batch_name.h"
#include "services/cli/dump_file.h"
#include "services/cli/output.h"
#include "services/cli/retry.h"
#include "services/cli/send_batch.h"

namespace fairway::cli {
namespace {

struct Options {
  std::string file;
  std::string partner = "import";
  std::string batch_id;
  bool json = false;
};

absl::Status ImportLocations(Session& session, const std::string& file) {
  ASSIGN_OR_RETURN(const v1::ImportLocationsRequest request, ReadDumpLocations(file));
  v1::ImportLocationsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpcStatus(
      session.ingest().ImportLocations(session.NewContext().get(), request, &response)));
  std::cerr << FormatCount(request.regions_size()) << " regions and "
            << FormatCount(request.ports_size()) << " ports: " << response.added_count()
            << " added, " << response.changed_count() << " changed\n";
  return absl::OkStatus();
}

absl::Status Run(Session& session, const Options& options) {
  RETURN_IF_ERROR(ImportLocations(session, options.file));
  v1::BatchHeader header;
  header.set_partner(options.partner);
  header.set_batch_id(options.batch_id);
  if (options.batch_id.empty()) {
    ASSIGN_OR_RETURN(*header.mutable_batch_id(), BatchIdOfFile(options.file));
  }
  header.set_label("import-dump");
  const auto attempt = [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
    ASSIGN_OR_RETURN(const auto prices, DumpPriceSource::Open(options.file));
    return SendBatch(session, header, *prices);
  };
  ASSIGN_OR_RETURN(const v1::UploadBatchResponse response, Retry({}, attempt));
  options.json ? PrintJson(response) : PrintReceipt(response);
  return absl::OkStatus();
}

}  // namespace

void AddImportDumpCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "import-dump",
      "Takes over a database of the reference schema: reads a plain pg_dump of its tables regions, "
      "ports and prices, and uploads the prices as one batch. Safe to repeat.\nExample: fairway "
      "import-dump rates.sql");
  command->add_option("file", options->file, "FILE.sql, also compressed")->required();
  command->add_option("--partner", options->partner, "Whose batch it becomes")
      ->capture_default_str();
  command->add_option("--batch-id", options->batch_id,
                      "Name of the batch; by default made from the file's name and bytes");
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli
