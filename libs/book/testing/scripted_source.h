#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

#include "libs/storage/dataset_source.h"

namespace fairway {

// Another source, of which each question is announced before it is asked: "ReadState",
// "ReadChanges", "OpenReader", or "ReadBatch" of a reader. An error of the announcement is the
// answer.
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
    auto reader = source_.OpenReader(version, deadline);
    if (!reader.ok()) return reader.status();
    return std::make_unique<Reader>(*std::move(reader), on_call_);
  }
  absl::Status AwaitCommit(const Deadline& deadline) override {
    return source_.AwaitCommit(deadline);
  }

 private:
  class Reader final : public SeriesReader {
   public:
    Reader(std::unique_ptr<SeriesReader> reader, const OnCall& on_call)
        : reader_(std::move(reader)), on_call_(on_call) {}

    absl::Status ReadBatch(int64_t batch, const OriginRange& origins, SeriesSink sink) override {
      const absl::Status status = on_call_("ReadBatch", absl::InfiniteFuture());
      return status.ok() ? reader_->ReadBatch(batch, origins, sink) : status;
    }
    absl::Status ReadOrigin(DatasetVersion version, PortId origin, SeriesSink sink) override {
      return reader_->ReadOrigin(version, origin, sink);
    }

   private:
    const std::unique_ptr<SeriesReader> reader_;
    const OnCall& on_call_;
  };

  DatasetSource& source_;
  const OnCall on_call_;
};

}  // namespace fairway
