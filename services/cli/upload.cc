#include "services/cli/upload.h"

#include <iostream>
#include <memory>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/price_files/csv_price_source.h"
#include "services/cli/batch_name.h"
#include "services/cli/error_report.h"
#include "services/cli/number_check.h"
#include "services/cli/output.h"
#include "services/cli/retry.h"
#include "services/cli/row_errors.h"
#include "services/cli/send_batch.h"
#include "services/cli/server_words.h"

namespace fairway::cli {
namespace {

struct Options {
  std::string file;
  std::string partner;
  std::string batch_id;
  std::string label;
  int64_t rows = 0;
  std::string error_report;
  bool json = false;
  int attempts = 5;
};

absl::StatusOr<v1::BatchHeader> HeaderOf(const Options& options) {
  v1::BatchHeader header;
  header.set_partner(options.partner);
  header.set_batch_id(options.batch_id);
  if (options.batch_id.empty()) {
    ASSIGN_OR_RETURN(*header.mutable_batch_id(), BatchIdOfFile(options.file));
    std::cerr << "batch id: " << header.batch_id() << "\n";
  }
  header.set_label(options.label);
  if (options.rows > 0) header.set_declared_row_count(options.rows);
  return header;
}

// Says where all that is wrong with the content can be seen.
absl::Status Report(Session& session, const Options& options, const v1::BatchHeader& header,
                    const absl::Status& failure, const price_files::PriceSource* prices) {
  PrintHelp(session, header, failure);
  if (options.error_report.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string report, MakeErrorReport(session, header, failure, prices));
  RETURN_IF_ERROR(WriteErrorReport(report, options.error_report));
  std::cerr << "by line: " << options.error_report << "\n";
  return absl::OkStatus();
}

absl::Status Run(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::BatchHeader header, HeaderOf(options));
  RETURN_IF_ERROR(ClearErrorReport(options.error_report, options.file));
  std::unique_ptr<price_files::PriceSource> prices;
  const absl::StatusOr<v1::UploadBatchResponse> response =
      Retry({.attempts_max = CanBeReadAgain(options.file) ? options.attempts : 1},
            [&]() -> absl::StatusOr<v1::UploadBatchResponse> {
              ASSIGN_OR_RETURN(prices, price_files::CsvPriceSource::Open(options.file));
              return SendBatch(session, header, *prices);
            });
  if (IsContentToBlame(response.status())) {
    const absl::Status reported = Report(session, options, header, response.status(), prices.get());
    if (!reported.ok()) std::cerr << "fairway: no report: " << MessageForPeople(reported) << "\n";
  }
  RETURN_IF_ERROR(response.status());
  options.json ? PrintJson(*response) : PrintReceipt(*response);
  return WriteEmptyErrorReport(options.error_report);
}

}  // namespace

void AddUploadCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "upload",
      "Uploads the prices of a CSV file as one batch: all of it is stored, or nothing. The first "
      "line names the columns origin,destination,day,price. Uploading the same file under the same "
      "batch id again changes nothing.\nExample: fairway upload prices.csv.zst --partner acme "
      "--batch-id acme-2026-q1");
  command
      ->add_option(
          "file", options->file,
          "FILE.csv, .csv.gz, .csv.zst, or - for standard input, whose last line must end with a "
          "line end unless it is compressed")
      ->required();
  command->add_option("--partner", options->partner, "Who uploads: 1 to 63 of [a-z0-9-]")
      ->envname("FAIRWAY_PARTNER")
      ->required();
  command->add_option(
      "--batch-id", options->batch_id,
      "Name of the batch: 4 to 63 of [a-z0-9-]; by default made from the file's name "
      "and bytes. What comes through a pipe needs one");
  command->add_option("--label", options->label, "For people, at most 128 bytes");
  command->add_option("--rows", options->rows, kRowsHelp)->check(CheckPositive);
  command->add_option(
      "--error-report", options->error_report,
      "Write what is wrong with the content to this file, as CSV: each bad row with "
      "its line, field, reason and value, the first 1,000 of each reason. Only a heading when "
      "nothing is wrong; empty while it is not known");
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  command->add_option("--attempts", options->attempts, "How often to try while the service is away")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli
