#include <CLI/CLI.hpp>
#include <poll.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "libs/base/status_macros.h"
#include "tests/bench/http2_connection.h"

// Calls a gRPC method at an even pace, whether the calls before are answered or not, or one call
// after another, and reports how long each took. h2load cannot: it sends what has become due every
// ten milliseconds at once, and what is measured then is the queue of its own burst; and it does
// not look at gRPC's status.
//
// Prints a line per call: when it was sent (µs since 1970), how much later than its turn that was
// (µs; in turns, since the first), the gRPC status (-1: none came), and how long it took from
// sending to the last byte (µs). The time runs from sending, because a process that sleeps wakes up
// a millisecond late here.
namespace fairway::bench {
namespace {

constexpr absl::Duration kReplyTimeout = absl::Seconds(10);

struct Options {
  int port = 0;
  std::string path;
  std::string request_file;
  double rate = 1;
  double seconds = 1;
  int connections = 8;
  int64_t calls = 0;  // In turns, if any.
};

struct CallRecord {
  absl::Time sent;
  absl::Duration late;
  absl::Duration took;
  int grpc_status = Http2Connection::kNoStatus;
};

class Load {
 public:
  explicit Load(const Options& options)
      : is_in_turns_(options.calls > 0),
        interval_(is_in_turns_ ? absl::ZeroDuration() : absl::Seconds(1) / options.rate),
        call_count_(is_in_turns_ ? options.calls
                                 : std::max<int64_t>(
                                       1, static_cast<int64_t>(options.rate * options.seconds))) {
    calls_.reserve(call_count_);
  }

  absl::Status Connect(const Options& options, const std::string& request) {
    for (int i = 0; i < options.connections; ++i) {
      ASSIGN_OR_RETURN(auto connection,
                       Http2Connection::Open(options.port, options.path, request,
                                             [this](int64_t number, int grpc_status) {
                                               Answered(number, grpc_status);
                                             }));
      sockets_.push_back({.fd = connection->fd(), .events = POLLIN, .revents = 0});
      connections_.push_back(std::move(connection));
    }
    return absl::OkStatus();
  }

  absl::Status Run() {
    start_ = absl::Now();
    while (answered_ < call_count_ && absl::Now() < GiveUp()) {
      RETURN_IF_ERROR(SendWhatIsDue());
      for (auto& connection : connections_) RETURN_IF_ERROR(connection->Flush());
      Await(MaySend() ? TurnOf(sent()) : GiveUp());
      for (size_t i = 0; i < sockets_.size(); ++i) {
        if (sockets_[i].revents != 0) RETURN_IF_ERROR(connections_[i]->Receive());
      }
    }
    return absl::OkStatus();
  }

  void Print(std::ostream& out) const {
    for (const CallRecord& call : calls_) {
      out << absl::ToUnixMicros(call.sent) << ' ' << absl::ToInt64Microseconds(call.late) << ' '
          << call.grpc_status << ' ' << absl::ToInt64Microseconds(call.took) << '\n';
    }
  }

 private:
  int64_t sent() const { return static_cast<int64_t>(calls_.size()); }
  absl::Time TurnOf(int64_t number) const { return start_ + number * interval_; }
  bool MaySend() const { return sent() < call_count_ && (!is_in_turns_ || answered_ == sent()); }
  absl::Time GiveUp() const {
    const bool is_sent_late = is_in_turns_ && !calls_.empty();
    return (is_sent_late ? calls_.back().sent : TurnOf(call_count_)) + kReplyTimeout;
  }

  absl::Status SendWhatIsDue() {
    for (absl::Time now = absl::Now(); MaySend() && TurnOf(sent()) <= now;) {
      const int64_t number = sent();
      calls_.push_back({.sent = now, .late = now - TurnOf(number), .took = {}});
      RETURN_IF_ERROR(connections_[number % connections_.size()]->Call(number));
    }
    return absl::OkStatus();
  }

  // Until `time`, or until something can be read.
  void Await(absl::Time time) {
    const timespec left = absl::ToTimespec(std::max(absl::ZeroDuration(), time - absl::Now()));
    ppoll(sockets_.data(), sockets_.size(), &left, nullptr);
  }

  void Answered(int64_t number, int grpc_status) {
    ++answered_;
    calls_[number].took = absl::Now() - calls_[number].sent;
    calls_[number].grpc_status = grpc_status;
  }

  const bool is_in_turns_;
  const absl::Duration interval_;
  const int64_t call_count_;
  absl::Time start_;
  int64_t answered_ = 0;
  std::vector<CallRecord> calls_;
  std::vector<std::unique_ptr<Http2Connection>> connections_;
  std::vector<pollfd> sockets_;
};

absl::Status Run(const Options& options) {
  std::ifstream file(options.request_file, std::ios::binary);
  const std::string request{std::istreambuf_iterator<char>(file), {}};
  Load load(options);
  RETURN_IF_ERROR(load.Connect(options, request));
  RETURN_IF_ERROR(load.Run());
  load.Print(std::cout);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Calls a gRPC method on loopback, at an even pace or in turns; prints a line per call.");
  Options options;
  app.add_option("port", options.port)->required();
  app.add_option("path", options.path, "/package.Service/Method")->required();
  app.add_option("request", options.request_file, "A message behind gRPC's five bytes")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--rate", options.rate, "Calls a second, over all connections")
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds)->check(CLI::PositiveNumber);
  app.add_option("--connections", options.connections)->check(CLI::PositiveNumber);
  app.add_option("--calls", options.calls,
                 "Instead of a pace: so many, each sent when the one before is answered")
      ->check(CLI::PositiveNumber)
      ->excludes("--rate", "--seconds");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}

}  // namespace
}  // namespace fairway::bench

int main(int argc, char** argv) { return fairway::bench::Main(argc, argv); }
