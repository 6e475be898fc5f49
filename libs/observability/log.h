#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace spdlog {
class logger;
}

namespace fairway::observability {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning", "error".
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view name);

// A named value of a log line.
struct LogField {
  using Value = std::variant<std::string, int64_t, double, bool>;

  LogField(absl::string_view name, absl::string_view text) : name(name), value(std::string(text)) {}
  LogField(absl::string_view name, const std::string& text) : name(name), value(text) {}
  LogField(absl::string_view name, const char* text) : name(name), value(std::string(text)) {}
  LogField(absl::string_view name, bool flag) : name(name), value(flag) {}
  LogField(absl::string_view name, int number) : name(name), value(int64_t{number}) {}
  LogField(absl::string_view name, int64_t number) : name(name), value(number) {}
  LogField(absl::string_view name, double number) : name(name), value(number) {}

  absl::string_view name;
  Value value;
};

// Writes one JSON object per line: time (UTC), level, service, message, and the fields given.
// Thread-safe.
class Logger {
 public:
  // `out` must outlive the logger.
  Logger(absl::string_view service, LogLevel least, std::ostream& out);
  ~Logger();

  using Fields = std::initializer_list<LogField>;
  void Debug(absl::string_view message, Fields fields = {}) const;
  void Info(absl::string_view message, Fields fields = {}) const;
  void Warning(absl::string_view message, Fields fields = {}) const;
  void Error(absl::string_view message, Fields fields = {}) const;
  void Log(LogLevel level, absl::string_view message, Fields fields) const;
  // Whether a line of this level would be written: fields that cost something need not be made.
  bool IsOn(LogLevel level) const;

 private:
  const std::string service_;
  const std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace fairway::observability
