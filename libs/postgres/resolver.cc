#include "libs/postgres/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/wait_until.h"

namespace fairway::postgres {
namespace {

std::string Numeric(const addrinfo& entry) {
  std::array<char, NI_MAXHOST> text = {};
  const int failed = getnameinfo(entry.ai_addr, entry.ai_addrlen, text.data(), text.size(), nullptr,
                                 0, NI_NUMERICHOST);
  return failed != 0 ? std::string() : std::string(text.data());
}

Resolved Resolve(const std::string& name, int flags) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (failed != 0) {
    return {absl::UnavailableError(absl::StrCat(name, ": ", gai_strerror(failed))), {}};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  Resolved resolved;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    std::string address = Numeric(*entry);
    if (!address.empty()) resolved.addresses.push_back(std::move(address));
  }
  return resolved;
}

// Shared by the threads and the caller that waits, which may have returned before they end.
struct FoundAddresses {
  explicit FoundAddresses(size_t count) : found(count), open(count) {}

  void Put(size_t i, Resolved resolved) {
    const std::lock_guard lock(mutex);
    any_found = any_found || resolved.status.ok();
    found[i] = std::move(resolved);
    --open;
    changed.notify_all();
  }

  std::mutex mutex;
  std::condition_variable_any changed;
  std::vector<std::optional<Resolved>> found ABSL_GUARDED_BY(mutex);
  size_t open ABSL_GUARDED_BY(mutex);
  bool any_found ABSL_GUARDED_BY(mutex) = false;
};

void StartResolving(const std::shared_ptr<FoundAddresses>& answers, size_t i,
                    const std::string& name, const NameLookup& look_up) {
  Resolved address = Resolve(name, AI_NUMERICHOST);
  if (address.status.ok()) {
    answers->Put(i, std::move(address));
    return;
  }
  try {
    std::thread([answers, i, name, look_up] { answers->Put(i, look_up(name)); }).detach();
  } catch (const std::system_error& e) {
    answers->Put(i, {absl::ResourceExhaustedError(e.what()), {}});
  }
}

}  // namespace

Resolved LookUpName(const std::string& name) { return Resolve(name, 0); }

std::vector<Resolved> ResolveAll(const std::vector<std::string>& names, absl::Duration others_max,
                                 const Deadline& deadline, const NameLookup& look_up) {
  const absl::Time others_end = absl::Now() + others_max;
  const auto answers = std::make_shared<FoundAddresses>(names.size());
  for (size_t i = 0; i < names.size(); ++i) StartResolving(answers, i, names[i], look_up);
  std::unique_lock lock(answers->mutex);
  const auto all = [&] { return answers->open == 0; };
  const auto enough = [&] { return all() || answers->any_found; };
  if (!WaitUntil(answers->changed, lock, deadline.NotAfter(others_end), all)) {
    WaitUntil(answers->changed, lock, deadline, enough);
  }
  std::vector<Resolved> resolved;
  for (const std::optional<Resolved>& found : answers->found) {
    const absl::Status late = deadline.Check().ok()
                                  ? absl::UnavailableError("the name server does not answer")
                                  : deadline.Check();
    resolved.push_back(found.value_or(Resolved{late, {}}));
  }
  return resolved;
}

}  // namespace fairway::postgres
