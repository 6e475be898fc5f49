#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/object_store/http_client.h"

namespace fairway::object_store {

// Answers as it is told, and remembers what it was asked. Thread-safe. Tests only.
class FakeHttpClient final : public HttpClient {
 public:
  using Answer = std::function<absl::StatusOr<HttpResponse>(const HttpRequest&, int number)>;

  // `number` counts the requests, from 0.
  explicit FakeHttpClient(Answer answer) : answer_(std::move(answer)) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request, const std::stop_token&) override {
    int number = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      number = static_cast<int>(requests_.size());
      requests_.push_back(request);
    }
    return answer_(request, number);
  }

  std::vector<HttpRequest> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

  static std::string HeaderOf(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return "";
  }

 private:
  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace fairway::object_store
