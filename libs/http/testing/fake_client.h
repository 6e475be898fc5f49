#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/http/client.h"

namespace fairway::http {

// Gives the answers it was given, and records its requests. Thread-safe. Tests only.
class FakeClient final : public Client {
 public:
  using Answer = std::function<absl::StatusOr<Response>(const Request&, int number)>;

  // `number` counts the requests, from 0.
  explicit FakeClient(Answer answer) : answer_(std::move(answer)) {}

  absl::StatusOr<Response> Send(const Request& request, const std::stop_token&) override {
    int number = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      number = static_cast<int>(requests_.size());
      requests_.push_back(request);
    }
    return answer_(request, number);
  }

  std::vector<Request> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

  static std::string HeaderOf(const Request& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return "";
  }

 private:
  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
};

}  // namespace fairway::http
