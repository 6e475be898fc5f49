#include "libs/base/check.h"

#include <execinfo.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/debugging/symbolize.h"
#include "absl/strings/str_cat.h"

namespace fairway {
namespace {

constexpr int kFramesMax = 32;

using Report = std::function<void(const CheckFailure&)>;

// The process's hook: FAIRWAY_CHECK has no other way to the log.
std::atomic<const Report*> installed_report = nullptr;

std::string StackTrace() {
  std::array<void*, kFramesMax> frames;
  // Abseil's own follows frame pointers, which programs are built without.
  const int count = backtrace(frames.data(), kFramesMax);
  std::string trace;
  for (int i = 0; i < count; ++i) {
    std::array<char, 512> symbol;
    // A return address may already belong to the next function.
    const void* call = static_cast<const char*>(frames[i]) - 1;
    const bool known = absl::Symbolize(call, symbol.data(), symbol.size());
    absl::StrAppend(&trace, absl::Hex(reinterpret_cast<uintptr_t>(frames[i])), " ",
                    known ? symbol.data() : "(unknown)", "\n");
  }
  return trace;
}

}  // namespace

CheckFailureHook::CheckFailureHook(std::function<void(const CheckFailure&)> report)
    : report_(std::move(report)) {
  installed_report = &report_;
}

CheckFailureHook::~CheckFailureHook() { installed_report = nullptr; }

namespace internal {

void FailCheck(const char* file, int line, const char* condition) {
  const std::string message = absl::StrCat(file, ":", line, ": check failed: ", condition);
  const std::string trace = StackTrace();
  // Taken, so that a check that fails in the report ends the process instead of reporting again.
  const Report* report = installed_report.exchange(nullptr);
  if (report != nullptr) {
    (*report)({.message = message, .stack_trace = trace});
  } else {
    std::fprintf(stderr, "%s\n%s", message.c_str(), trace.c_str());
  }
  std::abort();
}

}  // namespace internal
}  // namespace fairway
