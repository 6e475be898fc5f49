#include "services/cli/rates.h"

#include <iostream>
#include <memory>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/domain/day.h"
#include "libs/domain/limits.h"
#include "services/cli/location_hint.h"
#include "services/cli/rates_table.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/output.h"

namespace fairway::cli::rates {
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
    return UsageError("--version-id identifies a version: use it with --at-least or --exact");
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
  const absl::StatusOr<v1::GetDailyRatesResponse> response =
      session.Call(&QueryStub::GetDailyRates, request);
  if (!response.ok()) return WithLocationHint(response.status());
  if (options.json) {
    PrintJson(*response);
  } else if (options.csv) {
    std::cout << FormatRatesCsv(*response);
  } else {
    std::cout << options.origin << " → " << options.destination << ", US dollars\n"
              << FormatRatesTable(*response) << "version " << response->dataset_version() << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "rates",
      "Daily rates of a lane: the average of all prices between two ports, or between all ports of "
      "two regions. An average needs three prices.\n"
      "Example: fairway rates CNSHA north_europe --from 2026-01-01 --to 2026-01-14");
  command->add_option("origin", options->origin, "Port code or region slug")->required();
  command->add_option("destination", options->destination, "Port code or region slug")->required();
  command->add_option("--from", options->from, "First day, YYYY-MM-DD")->required();
  command->add_option("--to", options->to, "Last day, YYYY-MM-DD; default: 31 days in total");
  command
      ->add_option("--min-price-count", options->min_price_count,
                   "Prices required for an average; 3 or more")
      ->check(CLI::Range(limits::kMinPriceCount, limits::kMinPriceCountMax));
  auto* at_least = command
                       ->add_option("--at-least", options->at_least,
                                    "Dataset version that the answer must include, from a receipt")
                       ->check(CheckPositive);
  command->add_option("--exact", options->exact, "Answer at exactly this dataset version")
      ->check(CheckPositive)
      ->excludes(at_least);
  command
      ->add_option("--version-id", options->version_id,
                   "Identity of the version of --at-least or --exact, as --json prints it: fails "
                   "if a restored database no longer has that version")
      ->check(CheckPositive);
  command->add_flag("--statistics", options->statistics, "Also minimum, maximum and percentiles");
  auto* json = command->add_flag("--json", options->json, "Print the reply as JSON");
  command->add_flag("--csv", options->csv, "Print day,average,price_count,availability")
      ->excludes(json);
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli::rates
