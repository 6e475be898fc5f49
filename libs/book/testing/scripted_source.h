#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

#include "libs/storage/dataset_source.h"

namespace fairway {

// Another source, of which each question is announced before it is asked: "ReadState",
// "ReadChanges" or "OpenReader". An error of the announcement is the answer.
class ScriptedSource final : public DatasetSource {
 public:
  using OnCall = std::function<absl::Status(absl::string_view call, const Deadline& deadline)>;

  ScriptedSource(DatasetSource* source, OnCall on_call)
      : source_(*source), on_call_(std::move(on_call)) {}

  absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) override {
    const absl::Status status = on_call_("ReadState", deadline);
    return status.ok() ? source_.ReadState(deadline) : status;
  }
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                             const Deadline& deadline) override {
    const absl::Status status = on_call_("ReadChanges", deadline);
    return status.ok() ? source_.ReadChanges(after, tree_alone, deadline) : status;
  }
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                           const Deadline& deadline) override {
    const absl::Status status = on_call_("OpenReader", deadline);
    if (!status.ok()) return status;
    return source_.OpenReader(version, deadline);
  }
  absl::Status AwaitCommit(const Deadline& deadline) override {
    return source_.AwaitCommit(deadline);
  }

 private:
  DatasetSource& source_;
  const OnCall on_call_;
};

}  // namespace fairway
