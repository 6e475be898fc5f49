#include "services/cli/upload.h"

#include <memory>
#include <string>

#include "services/cli/transfer/file_source.h"
#include "services/cli/transfer_options.h"

namespace fairway::cli::upload {
namespace {

struct Options {
  std::string file;
  TransferOptions transfer;
};

absl::Status Run(Session& session, const Options& options) {
  FileSource source(options.file);
  return TransferAndPrint(session, source, options.file, options.transfer);
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  TransferRequest& request = options->transfer.request;
  CLI::App* command = app.add_subcommand(
      "upload",
      "Uploads the prices of a CSV file as one batch: all of it is stored, or nothing. The first "
      "line names the columns origin,destination,day,price. Uploading the same file under the same "
      "batch id again changes nothing.\n"
      "Example: fairway upload prices.csv.zst --partner acme --batch-id acme-2026-q1");
  command
      ->add_option("file", options->file,
                   "FILE.csv, .csv.gz, .csv.zst, or - for standard input, which must end with a "
                   "line end unless it is compressed")
      ->required();
  command->add_option("--partner", request.partner, "Partner who uploads: 1 to 63 of [a-z0-9-]")
      ->envname("FAIRWAY_PARTNER")
      ->required();
  AddTransferOptions(*command, options->transfer);
  request.retry.attempts_option = "--attempts";
  command
      ->add_option("--attempts", request.retry.attempts_max,
                   "Maximum number of attempts while the service is away")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli::upload
