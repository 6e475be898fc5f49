#include "services/cli/generate.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/location_file.h"
#include "libs/price_files/price_generator.h"
#include "libs/price_files/text_writer.h"
#include "services/cli/locations_client.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/output.h"
#include "services/cli/transfer/progress.h"

namespace fairway::cli::generate {
namespace {

struct Options {
  price_files::GeneratorOptions generator;
  std::string first_day = "2026-01-01";
  std::string locations;
  std::string output = "-";
};

absl::StatusOr<std::vector<std::string>> PortsOf(Session& session, const std::string& file) {
  std::vector<std::string> ports;
  if (file.empty()) {
    v1::ListLocationsRequest request;
    request.set_kind(v1::LOCATION_KIND_PORT);
    ASSIGN_OR_RETURN(const auto locations, ListAllLocations(session, request));
    for (const v1::Location& location : locations) ports.push_back(location.code());
  } else {
    ASSIGN_OR_RETURN(const price_files::LocationFile locations,
                     price_files::ReadLocationFile(file));
    for (const price_files::LocationText& port : locations.ports) ports.push_back(port.code);
  }
  return ports;
}

absl::Status WritePrices(const price_files::PriceGenerator& generator,
                         price_files::TextWriter& writer, int64_t& rows) {
  constexpr size_t kBlockBytes = 64 * 1024;
  Progress progress;
  std::string block = "origin,destination,day,price\n";
  RETURN_IF_ERROR(generator.Generate([&](const price_files::PriceText& price) {
    absl::StrAppend(&block, price.origin, ",", price.destination, ",", price.day, ",", price.price,
                    "\n");
    ++rows;
    if (block.size() < kBlockBytes) return absl::OkStatus();
    progress.Show(rows, std::nullopt);
    absl::Status status = writer.Write(block);
    block.clear();
    return status;
  }));
  RETURN_IF_ERROR(writer.Write(block));
  return writer.Close();
}

absl::Status Run(Session& session, Options options) {
  ASSIGN_OR_RETURN(options.generator.first_day, ParseDay("--first-day", options.first_day));
  if (!IsDayInRange(options.generator.first_day + std::chrono::days(options.generator.days - 1))) {
    return UsageError("the last day would be after 2100-12-31");
  }
  ASSIGN_OR_RETURN(std::vector<std::string> ports, PortsOf(session, options.locations));
  const absl::StatusOr<price_files::PriceGenerator> generator =
      price_files::PriceGenerator::Create(options.generator, std::move(ports));
  if (!generator.ok()) return UsageError(generator.status().message());
  ASSIGN_OR_RETURN(const std::unique_ptr<price_files::TextWriter> writer,
                   price_files::TextWriter::Open(options.output));
  int64_t rows = 0;
  RETURN_IF_ERROR(WritePrices(*generator, *writer, rows));
  std::cerr << FormatCount(rows, "price") << " on " << FormatCount(options.generator.lanes, "lane")
            << " written\n";
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  price_files::GeneratorOptions& generator = options->generator;
  CLI::App* command = app.add_subcommand(
      "generate",
      "Generates prices for tests and demonstrations; the same options give the same prices.\n"
      "Example: fairway generate --lanes 200 --days 90 --seed 7 -o prices.csv.zst");
  command->add_option("--lanes", generator.lanes, "Number of pairs of ports")
      ->check(CLI::Range(int64_t{1}, int64_t{100'000'000}))
      ->capture_default_str();
  command->add_option("--days", generator.days, "Number of consecutive days")
      ->check(CLI::Range(1, 40'000))
      ->capture_default_str();
  command
      ->add_option("--prices-per-day", generator.prices_per_day,
                   "Average number of prices per lane and day")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--seed", generator.seed, "Seed of the random prices")->capture_default_str();
  command->add_option("--first-day", options->first_day, "YYYY-MM-DD")->capture_default_str();
  command->add_option("--locations", options->locations,
                      "Take the ports from this file (see locations import) instead of from the "
                      "query service");
  command->add_option("-o,--output", options->output, "FILE.csv, .csv.gz, .csv.zst, or -")
      ->capture_default_str();
  session.OnCommand(command, [&session, options] { return Run(session, *options); });
}

}  // namespace fairway::cli::generate
