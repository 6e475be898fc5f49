#include "services/cli/rates.h"

#include <iostream>
#include <memory>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/domain/day.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/exit_code.h"
#include "services/cli/number_check.h"
#include "services/cli/output.h"
#include "services/cli/rates_table.h"

namespace fairway::cli {
namespace {

constexpr int kDaysDefault = 31;

struct Options {
  std::string origin;
  std::string destination;
  std::string from;
  std::string to;
  int min_price_count = 0;
  int64_t at_least = 0;
  int64_t exact = 0;
  uint64_t version_id = 0;
  bool statistics = false;
  bool json = false;
  bool csv = false;
};

absl::StatusOr<v1::GetDailyRatesRequest> RequestOf(const Options& options) {
  v1::GetDailyRatesRequest request;
  request.set_origin(options.origin);
  request.set_destination(options.destination);
  request.set_first_date(options.from);
  request.set_last_date(options.to);
  if (options.to.empty()) {
    ASSIGN_OR_RETURN(const Day first, ParseDay("--from", options.from));
    request.set_last_date(FormatDay(first + std::chrono::days(kDaysDefault - 1)));
  }
  request.set_min_price_count(options.min_price_count);
  if (options.at_least > 0) request.mutable_consistency()->set_at_least(options.at_least);
  if (options.exact > 0) request.mutable_consistency()->set_exact(options.exact);
  if (options.version_id > 0 && options.at_least == 0 && options.exact == 0) {
    return UsageError(
        "--version-id is the identity of a version: give that, too, with --at-least or --exact");
  }
  if (options.version_id > 0) request.mutable_consistency()->set_version_id(options.version_id);
  if (options.statistics) {
    for (int i = v1::RATE_STATISTIC_MIN; i <= v1::RATE_STATISTIC_MAX; ++i) {
      request.add_statistics(static_cast<v1::RateStatistic>(i));
    }
  }
  return request;
}

absl::Status Run(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::GetDailyRatesRequest request, RequestOf(options));
  v1::GetDailyRatesResponse response;
  RETURN_IF_ERROR(rpc::FromGrpcStatus(
      session.query().GetDailyRates(session.NewContext().get(), request, &response)));
  if (options.json) {
    PrintJson(response);
  } else if (options.csv) {
    std::cout << FormatRatesCsv(response);
  } else {
    std::cout << options.origin << " → " << options.destination << ", US dollars\n"
              << FormatRatesTable(response) << "version " << response.dataset_version() << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddRatesCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "rates",
      "What a lane costs, day by day: the average of all prices between two ports, or between all "
      "ports of two regions. A day needs three prices for an average.\nExample: fairway rates "
      "CNSHA "
      "north_europe --from 2026-01-01 --to 2026-01-14");
  command->add_option("origin", options->origin, "Port code or region slug")->required();
  command->add_option("destination", options->destination, "Port code or region slug")->required();
  command->add_option("--from", options->from, "First day, YYYY-MM-DD")->required();
  command->add_option("--to", options->to, "Last day, YYYY-MM-DD; by default 31 days in all");
  command
      ->add_option("--min-price-count", options->min_price_count,
                   "Prices a day needs for an average; 3 or more")
      ->check(CLI::Range(limits::kMinPriceCount, limits::kMinPriceCountMax));
  auto* at_least = command
                       ->add_option("--at-least", options->at_least,
                                    "Dataset version the answer must include, from a receipt")
                       ->check(CheckPositive);
  command->add_option("--exact", options->exact, "Answer as of this dataset version, however old")
      ->check(CheckPositive)
      ->excludes(at_least);
  command
      ->add_option("--version-id", options->version_id,
                   "Identity of the version that --at-least or --exact names, as --json reports "
                   "it: fails when a restored database does not have that version any more")
      ->check(CheckPositive);
  command->add_flag("--statistics", options->statistics,
                    "Also the least and greatest price and the percentiles between them");
  auto* json = command->add_flag("--json", options->json, "Print the reply as JSON");
  command->add_flag("--csv", options->csv, "Print day,average,price_count,availability")
      ->excludes(json);
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli
