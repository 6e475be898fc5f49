#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/domain/error_details.h"
#include "libs/rpc/server/hosted_service.h"

namespace fairway::query {

// Remembers what a service reports: "ready", or the reason why it is not. Thread-safe.
class RecordedReadiness final : public rpc::Readiness {
 public:
  void SetReady() override { Add("ready"); }
  void SetNotReady(const absl::Status& why) override { Add(ReasonOf(why)); }

  std::vector<std::string> reports() const {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

 private:
  void Add(std::string report) {
    const std::lock_guard lock(mutex_);
    reports_.push_back(std::move(report));
  }

  mutable std::mutex mutex_;
  std::vector<std::string> reports_;
};

}  // namespace fairway::query
