#include "services/cli/dataset.h"

#include <google/protobuf/util/time_util.h>

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/rpc/status.h"
#include "services/cli/output.h"

namespace fairway::cli {
namespace {

absl::Status Run(Session& session, bool json) {
  v1::GetDatasetResponse dataset;
  RETURN_IF_ERROR(
      rpc::FromGrpcStatus(session.query().GetDataset(session.NewContext().get(), {}, &dataset)));
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

void AddDatasetCommand(CLI::App& app, Session& session) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "dataset", "What the query service holds, and at which version.\nExample: fairway dataset");
  command->add_flag("--json", *json, "Print the reply as JSON");
  session.OnCommand(command, [&session, json] { return Run(session, *json); });
}

}  // namespace fairway::cli
