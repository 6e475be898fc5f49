#include "services/cli/dataset.h"

#include <google/protobuf/util/time_util.h>

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/shell/output.h"

namespace fairway::cli::dataset {
namespace {

absl::Status Run(Session& session, bool json) {
  ASSIGN_OR_RETURN(const v1::GetDatasetResponse dataset,
                   session.Call(&QueryStub::GetDataset, v1::GetDatasetRequest()));
  if (json) {
    PrintJson(dataset);
    return absl::OkStatus();
  }
  using google::protobuf::util::TimeUtil;
  std::cout << FormatTable({{"version", FormatCount(dataset.held_version())},
                            {"newest", FormatCount(dataset.newest_version())},
                            {"committed", dataset.has_newest_commit_time()
                                              ? TimeUtil::ToString(dataset.newest_commit_time())
                                              : "never"},
                            {"prices", FormatCount(dataset.price_count())},
                            {"lanes", FormatCount(dataset.lane_count())},
                            {"ports", FormatCount(dataset.port_count())},
                            {"regions", FormatCount(dataset.region_count())},
                            {"engine", dataset.engine()},
                            {"memory", absl::StrCat(FormatCount(dataset.memory_bytes()), " bytes")},
                            {"lag", TimeUtil::ToString(dataset.lag())}});
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "dataset",
      "The dataset that the query service holds, and its version.\nExample: fairway dataset");
  command->add_flag("--json", *json, "Print the reply as JSON");
  session.OnCommand(command, [&session, json] { return Run(session, *json); });
}

}  // namespace fairway::cli::dataset
