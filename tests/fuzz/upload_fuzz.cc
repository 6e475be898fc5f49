#include <CLI/CLI.hpp>
#include <google/protobuf/stubs/logging.h>

#include <iostream>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "services/ingest/upload_batch.h"
#include "services/ingest/upload_message.h"
#include "services/ingest/upload_stream.h"
#include "tests/fuzz/memory_ingest.h"
#include "tests/fuzz/upload_mutator.h"
#include "tests/fuzz/upload_oracle.h"

// Uploads spoilt streams to the service's own code over the store in memory, below gRPC: a stream
// may end in OK only if exactly the rows that protobuf's parser reads from it are stored, and if it
// does not, nothing may be.
namespace fairway::fuzz {
namespace {

class StreamMessages final : public ingest::MessageSource {
 public:
  explicit StreamMessages(const Stream* stream) : stream_(*stream) {}

  absl::StatusOr<std::optional<absl::string_view>> Next(absl::Time /*deadline*/) override {
    if (next_ == stream_.size()) return std::nullopt;
    // A copy of its own, so that AddressSanitizer sees what is read beyond it.
    current_ = std::make_unique<std::string>(stream_[next_++]);
    return *current_;
  }

 private:
  const Stream& stream_;
  size_t next_ = 0;
  std::unique_ptr<std::string> current_;
};

absl::Status Upload(MemoryIngest& service, const Stream& stream) {
  ingest::UploadBatch upload(service.batches(), service.locations(), service.admission());
  StreamMessages messages(&stream);
  ASSIGN_OR_RETURN(const auto first, messages.Next(absl::InfiniteFuture()));
  ASSIGN_OR_RETURN(const ingest::UploadHeader header, ingest::ParseFirstMessage(first));
  const Deadline deadline(absl::InfiniteFuture());
  ingest::UploadStream rows(&messages, service.clock(), deadline, [] { return false; });
  return upload.Run(header, rows, deadline).status();
}

// Why the outcome is wrong; "" when it is right.
std::string Judge(const Stream& stream, const absl::Status& status,
                  const std::map<std::string, Rows>& stored) {
  if (!status.ok()) {
    if (!stored.empty()) return "rows are stored";
    return ReasonOf(status).empty() ? "an error without a reason" : "";
  }
  const std::optional<Rows> sent = RowsOf(stream);
  if (!sent) return "an upload that cannot be read";
  const Rows found = stored.empty() ? Rows() : stored.begin()->second;
  return *sent == found ? "" : "other rows are stored";
}

int Run(int64_t runs, uint64_t seed) {
  std::cout << "seed " << seed << ", " << runs << " streams" << std::endl;
  UploadMutator mutator(seed);
  std::map<std::string, int64_t> outcomes;
  for (int64_t run = 0; run < runs; ++run) {
    const Stream stream = mutator.Mutate(mutator.MakeStream("batch-1"));
    MemoryIngest service;
    const absl::Status status = Upload(service, stream);
    const std::string wrong = Judge(stream, status, service.Stored());
    ++outcomes[status.ok() ? "OK" : ReasonOf(status)];
    if (wrong.empty()) continue;
    std::cout << "stream " << run << ": " << status << ": " << wrong << "\n";
    for (const std::string& message : stream) std::cout << absl::BytesToHexString(message) << "\n";
    return 1;
  }
  for (const auto& [outcome, count] : outcomes) std::cout << outcome << " " << count << "\n";
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Uploads spoilt streams and checks what is stored.");
  int64_t runs = 20'000;
  uint64_t seed = std::random_device{}();
  app.add_option("--runs", runs)->capture_default_str();
  app.add_option("--seed", seed, "Of an earlier run, to repeat it");
  CLI11_PARSE(app, argc, argv);
  const google::protobuf::LogSilencer silent;  // The oracle reads text that is not UTF-8.
  return Run(runs, seed);
}

}  // namespace
}  // namespace fairway::fuzz

int main(int argc, char** argv) { return fairway::fuzz::Main(argc, argv); }
