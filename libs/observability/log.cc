#include "libs/observability/log.h"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace fairway::observability {
namespace {

// The message of spdlog is the rest of an object this begins.
constexpr const char* kPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})";

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

std::unique_ptr<spdlog::logger> MakeLogger(LogLevel least, std::ostream& out) {
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out, /*force_flush=*/true);
  auto logger = std::make_unique<spdlog::logger>("fairway", std::move(sink));
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(kPattern, spdlog::pattern_time_type::utc));
  logger->set_level(SpdlogLevel(least));
  return logger;
}

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return absl::InvalidArgumentError(
      absl::StrCat("'", name, "' is no log level; debug, info, warning and error are"));
}

Logger::Logger(absl::string_view service, LogLevel least, std::ostream& out)
    : service_(service), logger_(MakeLogger(least, out)) {}

Logger::~Logger() = default;

void Logger::Debug(absl::string_view message, Fields fields) const {
  Log(LogLevel::kDebug, message, fields);
}
void Logger::Info(absl::string_view message, Fields fields) const {
  Log(LogLevel::kInfo, message, fields);
}
void Logger::Warning(absl::string_view message, Fields fields) const {
  Log(LogLevel::kWarning, message, fields);
}
void Logger::Error(absl::string_view message, Fields fields) const {
  Log(LogLevel::kError, message, fields);
}

bool Logger::IsOn(LogLevel level) const { return logger_->should_log(SpdlogLevel(level)); }

void Logger::Log(LogLevel level, absl::string_view message, Fields fields) const {
  const spdlog::level::level_enum spdlog_level = SpdlogLevel(level);
  if (!logger_->should_log(spdlog_level)) return;
  nlohmann::ordered_json line = {{"service", service_}, {"message", std::string(message)}};
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { line[std::string(field.name)] = value; }, field.value);
  }
  // What clients send may not be UTF-8; a log line always is.
  const std::string text =
      line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  logger_->log(spdlog_level, spdlog::string_view_t(text.data() + 1, text.size() - 2));
}

}  // namespace fairway::observability
