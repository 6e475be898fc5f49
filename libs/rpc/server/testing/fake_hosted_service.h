#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/rpc/server/hosted_service.h"
#include "libs/rpc/server/testing/server_fixture.h"

namespace fairway::rpc {

// Records what its host calls. Tests say when its database can be used, and what happens besides.
class FakeHostedService final : public HostedService {
 public:
  grpc::Service* rpcs() override { return &service; }
  std::string rpcs_name() const override { return "fairway.v1.PriceIngestService"; }
  ServerOptions server_options() const override { return options; }
  observability::MetricSources metric_sources() override { return {}; }

  bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) override {
    std::unique_lock lock(mutex_);
    if (!has_database_) on_wait(absl::UnavailableError("no schema"));
    return changed_.wait(lock, stop, [this] { return has_database_; });
  }
  void Begin(Readiness& readiness) override {
    Record("begin", [&] { on_begin(readiness); });
  }
  void BeginDrain() override { Record("begin drain", on_begin_drain); }
  void AwaitDrained(absl::Time deadline) override {
    Record("await drained", [&] { on_await_drained(deadline); });
  }
  void EndStreams() override { Record("end streams", on_end_streams); }
  void StopTasks() override {
    Record("stop tasks", [] {});
  }

  void GiveDatabase() {
    const std::lock_guard lock(mutex_);
    has_database_ = true;
    changed_.notify_all();
  }
  // The calls of the host so far.
  std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  TestService service;
  ServerOptions options;
  std::function<void(Readiness&)> on_begin = [](Readiness& readiness) { readiness.SetReady(); };
  std::function<void()> on_begin_drain = [] {};
  std::function<void(absl::Time)> on_await_drained = [](absl::Time) {};
  std::function<void()> on_end_streams = [] {};

 private:
  void Record(const std::string& event, const std::function<void()>& act) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
    }
    act();
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool has_database_ = false;
  std::vector<std::string> events_;
};

}  // namespace fairway::rpc
