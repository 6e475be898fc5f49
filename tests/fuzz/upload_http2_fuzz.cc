#include <CLI/CLI.hpp>
#include <google/protobuf/stubs/logging.h>
#include <netinet/in.h>
#include <prometheus/registry.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/net/descriptor.h"
#include "libs/observability/log.h"
#include "libs/rpc/server/server.h"
#include "services/ingest/service.h"
#include "tests/fuzz/http2_call.h"
#include "tests/fuzz/memory_ingest.h"
#include "tests/fuzz/upload_mutator.h"
#include "tests/fuzz/upload_oracle.h"

// Uploads over HTTP/2 whose bytes are spoilt, to the whole service in this process, with gRPC and
// the store in memory: what is stored is exactly what protobuf's parser reads from a call that its
// client ended, and a reply comes only for what is stored.
namespace fairway::fuzz {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(20);
// A server that has lost sight of the call says nothing; this is how long that takes to be
// believed.
constexpr timeval kSilenceMax = {.tv_sec = 0, .tv_usec = 300'000};

class Service {
 public:
  static absl::StatusOr<std::unique_ptr<Service>> Start() {
    auto service = std::make_unique<Service>();
    ASSIGN_OR_RETURN(
        service->server_,
        rpc::Server::Start({.connection_age = absl::InfiniteDuration()}, &service->ingest_,
                           v1::PriceIngestService::service_full_name()));
    return service;
  }

  int port() const { return server_->port(); }
  MemoryIngest& memory() { return memory_; }

 private:
  MemoryIngest memory_;
  prometheus::Registry registry_;
  observability::RpcMetrics rpc_metrics_;
  ingest::IngestMetrics metrics_{registry_};
  observability::Logger logger_{"fuzz", observability::LogLevel::kError, std::cerr};
  ingest::UploadPlaces places_{{.places = 8}, memory_.clock()};
  rpc::Executor calls_{1, 1};
  ingest::IngestService ingest_{{.batches = memory_.batches(),
                                 .locations = memory_.locations(),
                                 .admission = memory_.admission(),
                                 .places = &places_,
                                 .calls = &calls_,
                                 .rpc_metrics = &rpc_metrics_,
                                 .metrics = &metrics_,
                                 .logger = &logger_}};
  std::unique_ptr<rpc::Server> server_;
};

enum class Outcome { kReply, kError, kReset, kClosed, kSilence };

const char* NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kReply:
      return "answered with a receipt";
    case Outcome::kError:
      return "refused";
    case Outcome::kReset:
      return "reset";
    case Outcome::kClosed:
      return "connection closed";
    case Outcome::kSilence:
      break;
  }
  return "not answered";
}

// What the server has sent of its answer.
class Answer {
 public:
  // True once the call is over.
  bool Add(absl::string_view bytes) {
    absl::StrAppend(&unread_, bytes);
    while (unread_.size() >= http2::kHeadBytes && !outcome_) {
      const http2::Head head = http2::ReadHead(unread_);
      if (unread_.size() < http2::kHeadBytes + head.length) break;
      unread_.erase(0, http2::kHeadBytes + head.length);
      if (head.stream == 1) Take(head);
    }
    return outcome_.has_value();
  }
  // `otherwise`: when it is not over.
  Outcome outcome(Outcome otherwise) const { return outcome_.value_or(otherwise); }

 private:
  void Take(const http2::Head& head) {
    if (head.type == http2::kData && head.length > 0) replied_ = true;
    if (head.type == http2::kReset) outcome_ = Outcome::kReset;
    if (head.type == http2::kHeaders && (head.flags & http2::kEndStream) != 0) {
      outcome_ = replied_ ? Outcome::kReply : Outcome::kError;
    }
  }

  std::string unread_;
  bool replied_ = false;
  std::optional<Outcome> outcome_;
};

// Sends the bytes; a call that its client has not ended by them is cut off with the connection.
absl::StatusOr<Outcome> Send(int port, absl::string_view bytes, bool ended) {
  const net::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kSilenceMax, sizeof(kSilenceMax));
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::ErrnoToStatus(errno, "connecting");
  }
  // The server may have closed the connection already, because of what it has read.
  if (send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return Outcome::kClosed;
  if (!ended) shutdown(socket.get(), SHUT_WR);
  Answer answer;
  std::array<char, 1 << 14> buffer;
  while (true) {
    const ssize_t size = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EAGAIN) return answer.outcome(Outcome::kSilence);
    if (size <= 0) return answer.outcome(Outcome::kClosed);
    if (answer.Add({buffer.data(), static_cast<size_t>(size)})) return answer.outcome({});
  }
}

class Fuzzer {
 public:
  Fuzzer(Service* service, uint64_t seed) : service_(*service), random_(seed) {}

  // False when an outcome was wrong.
  absl::StatusOr<bool> RunOne(int64_t number) {
    const std::string batch_id = absl::StrCat("run-", number, "-", random_.Below(1'000'000));
    Stream stream = random_.MakeStream(batch_id);
    if (random_.Below(2) == 0) stream = random_.Mutate(std::move(stream));
    const std::string bytes = MutateConnection(EncodeUpload(Frame(stream), random_), random_);
    const ReceivedUpload sent = DecodeUpload(bytes);
    ASSIGN_OR_RETURN(const Outcome outcome, Send(service_.port(), bytes, sent.ended));
    if (!service_.memory().admission()->AwaitIdle(absl::Now() + kCallTimeout)) {
      return absl::InternalError(absl::StrCat("run ", number, ": the call does not end"));
    }
    ++outcomes_[NameOf(outcome)];
    const std::string wrong = Judge(sent, outcome);
    service_.memory().Forget();
    if (wrong.empty()) return true;
    std::cout << "run " << number << ", " << NameOf(outcome) << ": " << wrong << "\n"
              << absl::BytesToHexString(bytes) << "\n";
    return false;
  }

  void Report() const {
    for (const auto& [outcome, count] : outcomes_) std::cout << outcome << " " << count << "\n";
  }

 private:
  // Why the outcome is wrong; "" when it is right.
  std::string Judge(const ReceivedUpload& sent, Outcome outcome) {
    const std::map<std::string, Rows> stored = service_.memory().Stored();
    const std::optional<Rows> rows = RowsOf(sent.messages);
    if (stored.empty()) {
      const bool right = outcome != Outcome::kReply || (sent.ended && rows && rows->empty());
      return right ? "" : "a reply, and nothing is stored";
    }
    if (!sent.ended) return "rows of a call that its client did not end are stored";
    if (!rows) return "rows of an upload that cannot be read are stored";
    return stored.size() == 1 && stored.begin()->second == *rows ? "" : "other rows are stored";
  }

  Service& service_;
  UploadMutator random_;
  std::map<std::string, int64_t> outcomes_;
};

absl::StatusOr<bool> Run(int64_t runs, uint64_t seed) {
  std::cout << "seed " << seed << ", " << runs << " calls" << std::endl;
  ASSIGN_OR_RETURN(const std::unique_ptr<Service> service, Service::Start());
  Fuzzer fuzzer(service.get(), seed);
  for (int64_t run = 0; run < runs; ++run) {
    ASSIGN_OR_RETURN(const bool right, fuzzer.RunOne(run));
    if (!right) return false;
  }
  fuzzer.Report();
  return true;
}

int Main(int argc, char** argv) {
  CLI::App app("Uploads over spoilt HTTP/2 connections and checks what is stored.");
  int64_t runs = 2'000;
  uint64_t seed = std::random_device{}();
  app.add_option("--runs", runs)->capture_default_str();
  app.add_option("--seed", seed, "Of an earlier run, to repeat it");
  CLI11_PARSE(app, argc, argv);
  setenv("GRPC_VERBOSITY", "none", /*overwrite=*/0);  // It reports each header that is spoilt.
  const google::protobuf::LogSilencer silent;         // The oracle reads text that is not UTF-8.
  const absl::StatusOr<bool> right = Run(runs, seed);
  if (!right.ok()) std::cout << right.status() << "\n";
  return right.value_or(false) ? 0 : 1;
}

}  // namespace
}  // namespace fairway::fuzz

int main(int argc, char** argv) { return fairway::fuzz::Main(argc, argv); }
