#include "services/cli/batches.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/output.h"
#include "services/cli/transfer/row_errors.h"

namespace fairway::cli::batches {
namespace {

using google::protobuf::util::TimeUtil;

struct Options {
  std::string partner;
  std::string batch_id;
  std::string state;
  int limit = 20;
  bool json = false;
};

// What to do about a batch that is not visible; "" for other batches.
std::string AdviceOn(const v1::Batch& batch) {
  constexpr const char* kNothingStored = "nothing was stored, and the batch id is free: ";
  switch (batch.state()) {
    case v1::BATCH_STATE_FAILED:
      if (batch.error_count() == 0) return absl::StrCat(kNothingStored, "upload it again");
      return absl::StrCat(kNothingStored, "correct the rows that fairway batches errors ",
                          batch.partner(), " ", batch.batch_id(), " lists, and upload it again");
    case v1::BATCH_STATE_CANCELLED:
      return absl::StrCat(kNothingStored,
                          "the client stopped, lost the connection or could not read its file; "
                          "upload it again");
    case v1::BATCH_STATE_EXPIRED:
      return absl::StrCat(kNothingStored, "upload it again");
    case v1::BATCH_STATE_REVERTED:
      return "its prices count no more; to restore them, upload them under another id";
    default:
      return "";
  }
}

// The most frequent first.
std::vector<v1::RowErrorCount> SortedCounts(const v1::Batch& batch) {
  std::vector<v1::RowErrorCount> counts(batch.error_counts().begin(), batch.error_counts().end());
  std::sort(counts.begin(), counts.end(),
            [](const v1::RowErrorCount& a, const v1::RowErrorCount& b) {
              return a.count() != b.count() ? a.count() > b.count()
                                            : EnumName(a.reason()) < EnumName(b.reason());
            });
  return counts;
}

// "committed" -> BATCH_STATE_COMMITTED.
absl::StatusOr<v1::BatchState> ParseState(const std::string& text) {
  v1::BatchState state;
  const std::string name = absl::StrCat("BATCH_STATE_", absl::AsciiStrToUpper(text));
  if (v1::BatchState_Parse(name, &state) && state != v1::BATCH_STATE_UNSPECIFIED) return state;
  return UsageError(absl::StrCat("\"", text, "\" is not a state of a batch: expected ",
                                 "receiving, committed, reverted, failed, cancelled or expired"));
}

absl::Status List(Session& session, const Options& options) {
  v1::ListBatchesRequest request;
  request.set_page_size(options.limit);
  request.set_partner(options.partner);
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const v1::BatchState state, ParseState(options.state));
    request.add_states(state);
  }
  ASSIGN_OR_RETURN(const v1::ListBatchesResponse response,
                   session.Call(&IngestStub::ListBatches, request));
  if (options.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows = {
      {"PARTNER", "BATCH", "STATE", "REASON", "PRICES", "LANES", "VERSION", "CREATED", "LABEL"}};
  for (const v1::Batch& batch : response.batches()) {
    rows.push_back({batch.partner(), batch.batch_id(), EnumName(batch.state()),
                    batch.failure_reason().empty() ? "–" : batch.failure_reason(),
                    FormatCount(batch.row_count()), FormatCount(batch.lane_count()),
                    batch.committed_version() > 0 ? FormatCount(batch.committed_version()) : "–",
                    TimeUtil::ToString(batch.create_time()), batch.label()});
  }
  std::cout << FormatTable(rows);
  if (!response.next_page_token().empty()) std::cout << "… and more: see --limit\n";
  return absl::OkStatus();
}

// A request about one batch.
template <typename Request>
Request RequestOf(const Options& options) {
  Request request;
  request.set_partner(options.partner);
  request.set_batch_id(options.batch_id);
  return request;
}

absl::Status Show(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::GetBatchResponse response,
                   session.Call(&IngestStub::GetBatch, RequestOf<v1::GetBatchRequest>(options)));
  const v1::Batch& batch = response.batch();
  if (options.json) {
    PrintJson(batch);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows = {
      {"batch", absl::StrCat(batch.partner(), "/", batch.batch_id())},
      {"state", EnumName(batch.state())},
      {"label", batch.label()},
      {"prices", FormatCount(batch.row_count())},
      {"lanes", FormatCount(batch.lane_count())},
      {"days", batch.first_date().empty()
                   ? "–"
                   : absl::StrCat(batch.first_date(), " to ", batch.last_date())},
      {"digest", batch.digest()},
      {"created", TimeUtil::ToString(batch.create_time())}};
  if (batch.committed_version() > 0) {
    rows.push_back({"committed", TimeUtil::ToString(batch.commit_time())});
    rows.push_back({"version", FormatCount(batch.committed_version())});
  }
  if (batch.reverted_version() > 0) {
    rows.push_back({"reverted at", FormatCount(batch.reverted_version())});
  }
  if (!batch.failure_reason().empty()) {
    rows.push_back({"reason", batch.failure_reason()});
    rows.push_back({"failure", batch.failure_message()});
  }
  for (const v1::RowErrorCount& count : SortedCounts(batch)) {
    rows.push_back({EnumName(count.reason()), FormatCount(count.count())});
  }
  if (const std::string advice = AdviceOn(batch); !advice.empty()) rows.push_back({"next", advice});
  std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status Revert(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(
      const v1::RevertBatchResponse response,
      session.Call(&IngestStub::RevertBatch, RequestOf<v1::RevertBatchRequest>(options)));
  if (options.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  const v1::Batch& batch = response.batch();
  std::cout << (response.replayed() ? "had been reverted before: " : "reverted ") << batch.partner()
            << "/" << batch.batch_id() << ": " << FormatCount(batch.row_count(), "price")
            << " over " << FormatCount(batch.lane_count(), "lane")
            << ", without them since version " << FormatCount(batch.reverted_version()) << "\n";
  return absl::OkStatus();
}

absl::Status Errors(Session& session, const Options& options) {
  int64_t printed = 0;
  int64_t found = 0;
  const auto print = [&](const v1::ListBatchErrorsResponse& page) {
    if (options.json) {
      PrintJson(page);
    } else {
      if (printed == 0) std::cout << "row_index,field,reason,value\n";
      for (const v1::RowError& error : page.errors()) {
        std::cout << error.row_index() << "," << ReportField(error.field()) << ","
                  << EnumName(error.reason()) << "," << ReportField(error.value()) << "\n";
      }
    }
    printed += page.errors_size();
    found = page.error_count();
  };
  RETURN_IF_ERROR(ForEachErrorPage(session, options.partner, options.batch_id, print));
  if (found > printed) {
    std::cerr << FormatCount(printed) << " of " << FormatCount(found, "error")
              << " were kept: at most the first 1,000 of each reason\n";
  }
  return absl::OkStatus();
}

void AddKeyOptions(CLI::App* command, Options& options) {
  command->add_option("partner", options.partner, "Partner of the batch")->required();
  command->add_option("batch-id", options.batch_id, "Id of the batch")->required();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* batches = app.add_subcommand("batches",
                                         "The state of batches, and taking one out again.\n"
                                         "Example: fairway batches list --partner acme");
  batches->require_subcommand(1);
  CLI::App* list = batches->add_subcommand("list", "Batches, newest first");
  list->add_option("--partner", options->partner, "Only batches of this partner");
  list->add_option("--state", options->state,
                   "Only batches in this state, such as committed or failed");
  list->add_option("--limit", options->limit, "Maximum number of batches")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  CLI::App* show = batches->add_subcommand("show", "All details of one batch");
  AddKeyOptions(show, *options);
  CLI::App* errors = batches->add_subcommand(
      "errors",
      "The row errors of a failed batch, as CSV, in row order: the first 1,000 of each reason. "
      "row_index counts rows from 0, without the heading and empty lines; the report of upload "
      "--error-report has the lines of the file");
  AddKeyOptions(errors, *options);
  CLI::App* revert = batches->add_subcommand("revert",
                                             "Takes a committed batch out again, whole, as a new "
                                             "version. Answers for earlier versions still "
                                             "count its prices, and its id stays taken: to bring "
                                             "the prices back, upload them under another "
                                             "id. Safe to repeat.\n"
                                             "Example: fairway batches revert acme acme-2026-q1");
  AddKeyOptions(revert, *options);
  for (CLI::App* command : {list, show, errors, revert}) {
    command->add_flag("--json", options->json, "Print replies as JSON");
  }
  session.OnCommand(list, [&session, options] { return List(session, *options); });
  session.OnCommand(show, [&session, options] { return Show(session, *options); });
  session.OnCommand(revert, [&session, options] { return Revert(session, *options); });
  session.OnCommand(errors, [&session, options] { return Errors(session, *options); });
}

}  // namespace fairway::cli::batches
